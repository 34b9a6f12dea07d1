import { readVersion } from '../access-key/secret-versions';
import type { Run } from '../aws/run';
import { parseConnection, type Connection } from '../aws/connection';

/** The data sources that hold a key or a password, and who is notified when they change. */
export interface Holders {
  readonly connectionSecrets: readonly string[];
  readonly topic?: string;
}

/** A data source whose secret has another value than it should have. */
export interface StaleConnection {
  readonly secret: string;
  readonly connection: Connection;
}

/** Those of the secrets that hold a data source, and a stale one. */
export async function staleConnections(
  run: Run,
  secrets: readonly string[],
  isStale: (options: Connection['options']) => boolean,
): Promise<StaleConnection[]> {
  const stale: StaleConnection[] = [];
  for (const secret of secrets) {
    const connection = parseConnection(await readVersion(run, secret, 'AWSCURRENT'));
    if (connection && isStale(connection.options)) stale.push({ secret, connection });
  }
  return stale;
}

/** Writes new options into each of them; the rest stays as it is. */
export async function renew(
  run: Run,
  stale: readonly StaleConnection[],
  options: Connection['options'],
): Promise<void> {
  for (const { secret, connection } of stale) {
    const text = JSON.stringify({ ...connection, options: { ...connection.options, ...options } });
    await run.call(`connection secret ${secret}`, () => run.aws.secrets.write(secret, text));
  }
}
