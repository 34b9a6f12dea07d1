import { readVersion } from '../access-key/secret-versions';
import { notify } from '../aws/notify';
import type { Run } from '../aws/run';
import { type Connection, parseConnection } from '../aws/secret-kinds';
import { isFailed } from '../runtime/failure';

/** The data sources that hold a key or a password, and who is notified when they change. */
export interface Holders {
  readonly dataSourceSecrets: readonly string[];
  readonly topic?: string;
}

/** A data source whose secret has another value than it should have. */
interface StaleDataSource {
  readonly secret: string;
  readonly connection: Connection;
}

/** What to write into data sources. */
interface Renewal {
  readonly isStale: (options: Connection['options']) => boolean;
  readonly options: Connection['options'];
  /** Notifies people before anything is written, so that a repeated run notifies again. */
  readonly announce: (stale: readonly StaleDataSource[]) => Promise<void>;
}

/**
 * Writes new options into the stale data sources and keeps their other options.
 *
 * A secret that cannot be read or written does not hold up the others: its failure is thrown at the end.
 */
export async function renewStale(run: Run, secrets: readonly string[], renewal: Renewal): Promise<void> {
  const { isStale, options, announce } = renewal;
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<void>) =>
    work().catch((error: unknown) => {
      if (!isFailed(error)) throw error;
      failures.push(error);
    });
  const stale: StaleDataSource[] = [];
  for (const secret of secrets)
    await attempt(async () => {
      const connection = parseConnection(await readVersion(run, secret, 'AWSCURRENT'));
      if (connection && isStale(connection.options)) stale.push({ secret, connection });
    });
  await announce(stale);
  for (const { secret, connection } of stale)
    await attempt(async () => {
      const text = JSON.stringify({ ...connection, options: { ...connection.options, ...options } });
      await run.call(`data source secret ${secret}`, () => run.aws.secrets.write(secret, text));
    });
  if (failures.length > 0) throw failures[0];
}

/**
 * Writes the password into all data source secrets with another password.
 *
 * With `roleName`, data sources of other roles are left alone.
 */
export async function renewPasswords(
  run: Run,
  { dataSourceSecrets, topic, roleName }: Holders & { readonly roleName?: string },
  password: string,
  isNew: boolean,
): Promise<void> {
  await renewStale(run, dataSourceSecrets, {
    isStale: (options) =>
      options.password !== password && (roleName === undefined || options.user === roleName),
    options: { password },
    announce: async (stale) => {
      if (stale.length === 0 && !isNew) return;
      const text = [
        `The role of Datafold has a new password. Datafold's API can't update a data source, so Datafold can't log in until the password is entered there by hand:`,
        ...stale.map(({ secret, connection }) => `- ${connection.name}: Password from the secret ${secret}`),
      ].join('\n');
      await notify(run, topic, 'Datafold: enter a new password', text);
    },
  });
}
