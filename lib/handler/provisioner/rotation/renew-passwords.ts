import type { Holders } from '../parse/rotate-access-key';
import { readVersion } from '../resources/secret-versions';
import type { Run } from '../run';
import { parseConnection, type Connection } from './connection';
import { tell } from './tell';

/** Writes the password into all connection secrets that have another one. Told first: a step that is cut short tells again. */
export async function renewPasswords(
  run: Run,
  { connectionSecrets, topic }: Holders,
  password: string,
  isNew: boolean,
): Promise<void> {
  const stale: { readonly secret: string; readonly connection: Connection }[] = [];
  for (const secret of connectionSecrets) {
    const connection = parseConnection(await readVersion(run, secret, 'AWSCURRENT'));
    if (connection && connection.options.password !== password) stale.push({ secret, connection });
  }
  if (stale.length > 0 || isNew)
    await tell(
      run,
      topic,
      'Datafold: enter a new password',
      [
        `The role of Datafold has a new password. Datafold's API can't change a data source, and Datafold can't log in until it is entered there by hand:`,
        ...stale.map(({ secret, connection }) => `- ${connection.name}: Password from the secret ${secret}`),
      ].join('\n'),
    );
  for (const { secret, connection } of stale) {
    const text = JSON.stringify({ ...connection, options: { ...connection.options, password } });
    await run.call(`connection secret ${secret}`, () => run.aws.secrets.write(secret, text));
  }
}
