import type { Client } from 'pg';
import type { Postgres } from '../../test/support/postgres';

/** Makes a database of the administrator with tables in schemas `s0`, `s1`, …; returns a connection to it. */
export async function makeDatabase(
  postgres: Postgres,
  name: string,
  schemas: number,
  tables: number,
): Promise<Client> {
  const maintenance = await postgres.connect(postgres.admin);
  await maintenance.query(`CREATE DATABASE ${name}`);
  await maintenance.end();
  const client = await postgres.connect(postgres.admin, name);
  for (let schema = 0; schema < schemas; schema += 1) {
    const creates = Array.from(
      { length: tables / schemas },
      (_, table) => `CREATE TABLE s${schema}.t${table} (id int)`,
    );
    await client.query(`CREATE SCHEMA s${schema}; ${creates.join('; ')}`);
  }
  await client.query('VACUUM ANALYZE');
  return client;
}

/** What comes next shall not pay for what the server still has to clean up. */
export async function rest(postgres: Postgres, database: string): Promise<void> {
  const client = await postgres.connect(postgres.superuser, database);
  await client.query('VACUUM ANALYZE');
  await client.end();
}
