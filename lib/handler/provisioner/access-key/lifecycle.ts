import { noneIf, notAllowed } from '../aws/failure';
import { UNKNOWN, type RemoveRequest } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import { accessKeyId, type AccessKeyRequest, parseAccessKey } from './properties';
import type { Lifecycle, Run } from '../aws/run';
import { ensureKey } from './create-access-key';
import { parseKey } from './key-secret';
import { readJournal, readVersion, rewriteJournal } from './secret-versions';

/**
 * The access key of an IAM user, written into a secret.
 *
 * The construct creates the user only for this key, in the same stack. A Delete removes all keys of the user, since
 * CloudFormation can't delete a user with a key.
 */
export const accessKey: Lifecycle<AccessKeyRequest> = {
  parse: parseAccessKey,
  idPrefix: 'datafold-access-key/',

  async create({ desired, requestId }, run) {
    return done(desired, await ensureKey(run, desired, requestId));
  },

  async update({ desired, previous, requestId }, run) {
    const moved = previous?.userName === desired.userName && previous.secret !== desired.secret;
    const keyId = await ensureKey(run, desired, requestId, moved ? previous.secret : undefined);
    if (previous?.secret !== desired.secret || previous.secretKey === desired.secretKey)
      return done(desired, keyId);
    await rewriteJournal(run, desired.secret);
    return done(desired, keyId);
  },

  /** Creates and deletes no key: Datafold may use any of the existing ones. */
  async answerWithoutWork({ desired }, notice, run) {
    const current = await readVersion(run, desired.secret, 'AWSCURRENT').catch(() => undefined);
    return done(desired, parseKey(current)?.accessKeyId ?? UNKNOWN, notice);
  },

  async remove(request, run) {
    const { userName } = request.desired;
    const keys = await keysToDelete(request, run).catch((error: unknown) => {
      if (request.physicalId !== undefined) throw error;
      return notAllowed(run, error);
    });
    for (const key of keys ?? []) {
      await run.call(`deletion of access key ${key}`, () => deleteKey(run, userName, key));
    }
  },
};

function done({ userName }: AccessKeyRequest, keyId: string, Notice = ''): Done {
  return { physicalId: accessKeyId(userName), data: { AccessKeyId: keyId, UserName: userName, Notice } };
}

/** Returns all keys of the user; after a failed Create only the keys that it created, by its journal. */
async function keysToDelete(
  { desired, physicalId }: RemoveRequest<AccessKeyRequest>,
  run: Run,
): Promise<string[]> {
  const { userName, secret } = desired;
  const keys = await run.call(`access keys of user ${userName}`, () => listKeys(run, userName));
  if (physicalId !== undefined || keys.length === 0) return keys;
  const journal = await readJournal(run, secret);
  if (journal?.userName !== userName) return [];
  return keys.filter((key) => !journal.keys.includes(key));
}

async function listKeys(run: Run, userName: string): Promise<string[]> {
  const keys = await run.aws.iam.listAccessKeys(userName).catch(noneIf('NoSuchEntity'));
  return (keys ?? []).map((key) => key.accessKeyId);
}

async function deleteKey(run: Run, userName: string, key: string): Promise<void> {
  await run.aws.iam.deleteAccessKey(userName, key).catch(noneIf('NoSuchEntity'));
}
