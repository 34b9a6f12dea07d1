import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { catalogDump } from '../../test/support/catalog-dump';
import { startPostgres, type Postgres } from '../../test/support/postgres';
import { aDay, SHOP } from './shop';

export const DATABASE = 'shop';

/** A temporary server with the tables of a shop, which the role `shop` owns. */
export interface Shop {
  readonly server: Postgres;
  runADay(): Promise<void>;
  /** Runs a statement as the role datafold; returns its first value, or the error as a text. */
  asDatafold(password: string, sql: string): Promise<{ readonly value?: unknown; readonly refused?: string }>;
  /** Roles, owners, privileges and definitions, as one text. */
  catalog(): Promise<string>;
}

export async function startShop(): Promise<Shop> {
  const server = await startPostgres({ settings: { log_statement: 'mod' } });
  const shop = { user: 'shop', password: randomBytes(12).toString('hex') };
  const superuser = await server.connect(server.superuser);
  await superuser.query(`SET log_statement = 'none'`);
  await superuser.query(`CREATE ROLE shop LOGIN PASSWORD '${shop.password}'`);
  await superuser.query(`GRANT shop TO ${server.admin.user} WITH ADMIN OPTION`);
  await superuser.query(`CREATE DATABASE ${DATABASE} OWNER shop`);
  await superuser.end();
  const as = async <T>(credentials: typeof shop, work: (client: Client) => Promise<T>): Promise<T> => {
    const client = await server.connect(credentials, DATABASE);
    return work(client).finally(async () => client.end());
  };
  await as(shop, async (client) => client.query(SHOP));
  return {
    server,
    runADay: async () => as(shop, aDay),
    asDatafold: async (password, sql) =>
      as({ user: 'datafold', password }, async (client) => {
        const { rows } = await client.query<{ value: unknown }>(sql);
        return { value: rows[0]?.value };
      }).catch((error: Error) => ({ refused: error.message })),
    catalog: async () => as(server.superuser as typeof shop, catalogDump),
  };
}
