import { readVersion } from '../access-key/secret-versions';
import { notify } from '../aws/notify';
import type { Run } from '../aws/run';
import { type Connection, parseConnection } from '../aws/secret-kinds';

/** The data sources that hold a key or a password, and who is notified when they change. */
export interface Holders {
  readonly dataSourceSecrets: readonly string[];
  readonly topic?: string;
}

/** A data source whose secret has another value than it should have. */
export interface StaleDataSource {
  readonly secret: string;
  readonly connection: Connection;
}

/** Returns the data sources in the secrets that are stale. */
export async function staleDataSources(
  run: Run,
  secrets: readonly string[],
  isStale: (options: Connection['options']) => boolean,
): Promise<StaleDataSource[]> {
  const stale: StaleDataSource[] = [];
  for (const secret of secrets) {
    const connection = parseConnection(await readVersion(run, secret, 'AWSCURRENT'));
    if (connection && isStale(connection.options)) stale.push({ secret, connection });
  }
  return stale;
}

/** Writes new options into each data source and keeps the others. */
export async function renew(
  run: Run,
  stale: readonly StaleDataSource[],
  options: Connection['options'],
): Promise<void> {
  for (const { secret, connection } of stale) {
    const text = JSON.stringify({ ...connection, options: { ...connection.options, ...options } });
    await run.call(`data source secret ${secret}`, () => run.aws.secrets.write(secret, text));
  }
}

/**
 * Writes the password into all data source secrets with another password. Notifies first, so that a repeated step notifies again.
 *
 * With `roleName`, data sources of other roles are left alone.
 */
export async function renewPasswords(
  run: Run,
  { dataSourceSecrets, topic, roleName }: Holders & { readonly roleName?: string },
  password: string,
  isNew: boolean,
): Promise<void> {
  const stale = await staleDataSources(
    run,
    dataSourceSecrets,
    (options) => options.password !== password && (roleName === undefined || options.user === roleName),
  );
  if (stale.length > 0 || isNew)
    await notify(
      run,
      topic,
      'Datafold: enter a new password',
      [
        `The role of Datafold has a new password. Datafold's API can't update a data source, so Datafold can't log in until the password is entered there by hand:`,
        ...stale.map(({ secret, connection }) => `- ${connection.name}: Password from the secret ${secret}`),
      ].join('\n'),
    );
  await renew(run, stale, { password });
}
