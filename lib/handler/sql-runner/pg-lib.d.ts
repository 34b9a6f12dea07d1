// The parts of `pg` that are bundled; its main module would bring the pool and the native client with it.
declare module 'pg/lib/client' {
  import { Client } from 'pg';
  export = Client;
}
declare module 'pg/lib/utils' {
  export { escapeIdentifier, escapeLiteral } from 'pg';
}
