import type { Run } from '../aws/run';
import { type Holders, renew, staleConnections } from './stale-connections';
import { tell } from '../aws/notify';

/** Writes the password into all connection secrets that have another one. Told first: a step that is cut short tells again. */
export async function renewPasswords(
  run: Run,
  { connectionSecrets, topic }: Holders,
  password: string,
  isNew: boolean,
): Promise<void> {
  const stale = await staleConnections(run, connectionSecrets, (options) => options.password !== password);
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
  await renew(run, stale, { password });
}
