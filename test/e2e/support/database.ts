import { Client, type ClientConfig, type QueryResultRow } from 'pg';
import type { Cloud } from './cloud';

export interface Login {
  readonly host: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Opens a session over TLS, the certificate and the host name checked, and closes it after use. */
export async function session<T>(
  cloud: Cloud,
  login: Login,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return using({ ...login, ...(await cloud.reach(login.host)) }, use);
}

/** Opens a session as the superuser that only RDS itself has, by the server's socket. */
export async function superuser<T>(
  lab: { serverDir(port: number): string },
  port: number,
  database: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return using({ host: lab.serverDir(port), port, user: 'rdsadmin', database }, use);
}

/** The rows of one query. */
export async function rows<R extends QueryResultRow>(client: Client, sql: string, values: unknown[] = []) {
  return (await client.query<R>(sql, values)).rows;
}

/** The SQLSTATE that a query fails with, or `no error`. */
export async function sqlState(client: Client, sql: string): Promise<string> {
  try {
    await client.query(sql);
    return 'no error';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

async function using<T>(config: ClientConfig, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ application_name: 'datafold-e2e', connectionTimeoutMillis: 30_000, ...config });
  client.on('error', () => undefined); // a server that is stopped on purpose ends its sessions
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
