import type { FunctionProps } from './function-options';
import type { PostgresServer } from './postgres-server';

/**
 * The addresses that Datafold connects from.
 */
export interface AllowlistOptions {
  /**
   * The IPv4 addresses that Datafold connects from.
   *
   * The addresses of eu.datafold.com and of dedicated clouds are not published: ask Datafold's support.
   *
   * @default - the six addresses of app.datafold.com
   */
  readonly addresses?: string[];

  /**
   * The URL of your Datafold instance.
   *
   * @default - the host of the `registration` of a `DatafoldPostgres`, else https://app.datafold.com
   */
  readonly datafoldUrl?: string;

  /**
   * Whether to create a prefix list of the addresses, which other security groups can reference too.
   *
   * @default false
   */
  readonly prefixList?: boolean;
}

/**
 * Properties of a `DatafoldAllowlist`.
 */
export interface DatafoldAllowlistProps extends AllowlistOptions, FunctionProps {
  /**
   * The PostgreSQL server, which must be publicly accessible: this library does not make it public.
   */
  readonly server: PostgresServer;
}
