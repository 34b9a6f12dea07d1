import { Failure } from '../runtime/failure';
import { parseRenewal } from './properties';
import { readVersion } from '../access-key/secret-versions';
import type { Run, Task } from '../aws/run';
import { passwordIn } from '../aws/secret-kinds';
import { storedAccessKey } from '../access-key/key-secret';
import { newKeyNotice } from './key-notices';
import type { StoredAccessKey, KeyTimes } from '../access-key/key-state';
import { type Holders, renewPasswords, renewStale } from '../data-source/stale-data-sources';
import { notify } from '../aws/notify';

/** Updates the data sources of a stack that uses the logs user of another stack. */
export const renewDataSourcesTask: Task = async ({ raw }, run) => {
  const desired = parseRenewal(raw);
  const { accessKeySecret, passwordSecret } = desired;
  if (accessKeySecret !== undefined) {
    const stored = storedAccessKey(await readVersion(run, accessKeySecret, 'AWSCURRENT'));
    if (!stored)
      throw new Failure(
        `The secret ${accessKeySecret} holds no access key. Deploy its stack with another \`revision\`.`,
      );
    await renewDataSources(run, desired, stored);
  }
  if (passwordSecret !== undefined) {
    const text = await run.call('password secret', () => run.aws.secrets.read(passwordSecret));
    await renewPasswords(run, desired, passwordIn(text, passwordSecret), false);
  }
};

/** Writes the key into all data source secrets with another key. */
export async function renewDataSources(
  run: Run,
  { dataSourceSecrets, topic }: Holders,
  stored: StoredAccessKey,
  times?: KeyTimes,
): Promise<void> {
  const { accessKeyId, secretAccessKey } = stored;
  await renewStale(run, dataSourceSecrets, {
    isStale: ({ aws_access_key_id: id }) => id !== undefined && id !== accessKeyId,
    options: { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey },
    announce: async (stale) => {
      if (stale.length === 0) return;
      const named = stale.map(({ secret, connection }) => ({ secret, name: connection.name }));
      await notify(run, topic, ...newKeyNotice(stored, named, times, run.clock.now()));
    },
  });
}
