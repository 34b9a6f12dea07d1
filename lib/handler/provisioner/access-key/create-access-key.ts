import { AwsFailure } from '../aws/failure';
import type { AccessKey, AccessKeyId } from '../aws/ports';
import { Failure, PreconditionFailed, reasonOf } from '../runtime/failure';
import type { AccessKeyRequest } from './properties';
import { parseConnection } from '../aws/secret-kinds';
import type { StoredAccessKey } from './key-state';
import type { Run } from '../aws/run';
import { assertPolicyAttached } from '../aws/logs-user-policy';
import { storedAccessKey, type Journal, keySecretText, parseKey } from './key-secret';
import { readJournal, readVersion } from './secret-versions';

/** IAM's quota per user, which can't be raised. */
const MAX_KEYS = 2;

/**
 * Ensures that the secret holds an active access key, and returns its id.
 *
 * Creates no second key if an active one is known, and no key for a user without its policy.
 */
export async function ensureKey(
  run: Run,
  { userName, userPolicy, secret }: AccessKeyRequest,
  requestId: string,
  previousSecret?: string,
): Promise<string> {
  await assertPolicyAttached(run, { userName, userPolicy });
  const listed = await run.call(
    `access keys of user ${userName}`,
    () => run.aws.iam.listAccessKeys(userName),
    ['NoSuchEntity'],
  );
  const usable = (key: AccessKey | undefined) =>
    listed.some((one) => one.active && one.accessKeyId === key?.accessKeyId);

  const text = await readVersion(run, secret, 'AWSCURRENT');
  if (parseConnection(text))
    throw new Failure(
      `The secret ${secret} holds a data source, which an access key must not overwrite. Name the secret of a CloudWatchLogsUser, then deploy again.`,
    );
  const current = parseKey(text);
  if (current && usable(current)) return current.accessKeyId;

  const anyUsable = listed.some(({ active }) => active);
  const elsewhere = previousSecret
    ? anyUsable && (await readPreviousKey(run, userName, previousSecret))
    : storedAccessKey(await readVersion(run, secret, 'AWSPREVIOUS'));
  if (elsewhere && usable(elsewhere)) {
    await writeKey(run, secret, elsewhere);
    return elsewhere.accessKeyId;
  }

  const kept = await deleteOrphanedKeys(run, userName, secret, requestId, listed);
  if (kept.length >= MAX_KEYS) throw quotaUsed(userName, kept);
  const journal: Journal = { requestId, userName, keys: kept };
  await run.call('journal in the secret', () =>
    run.aws.secrets.write(secret, JSON.stringify(journal), 'DATAFOLD_PENDING'),
  );
  return makeKey(run, userName, secret);
}

/** Reads the key in the previous secret. Throws PreconditionFailed if that is denied: the key may be in use. */
async function readPreviousKey(
  run: Run,
  userName: string,
  previousSecret: string,
): Promise<StoredAccessKey | undefined> {
  const text = await readVersion(run, previousSecret, 'AWSCURRENT').catch((error: unknown) => {
    throw new PreconditionFailed(
      `The access key of user ${userName} is in the previous secret ${previousSecret} and can't be moved. ${reasonOf(error)} No second key is created: let the role read that secret, or delete the key in IAM if nobody uses it, then deploy again.`,
    );
  });
  return storedAccessKey(text);
}

/** Deletes the keys that this request created before it was interrupted: their secret part is lost. */
async function deleteOrphanedKeys(
  run: Run,
  userName: string,
  secret: string,
  requestId: string,
  listed: readonly AccessKeyId[],
): Promise<string[]> {
  const ids = listed.map((key) => key.accessKeyId);
  if (ids.length === 0) return ids;
  const journal = await readJournal(run, secret);
  if (journal?.requestId !== requestId || journal.userName !== userName) return ids;
  for (const orphanedKey of ids.filter((id) => !journal.keys.includes(id))) {
    await run.call(`deletion of access key ${orphanedKey}`, () =>
      run.aws.iam.deleteAccessKey(userName, orphanedKey),
    );
  }
  return ids.filter((id) => journal.keys.includes(id));
}

async function makeKey(run: Run, userName: string, secret: string): Promise<string> {
  const key = await run
    .call(`new access key of user ${userName}`, () => run.aws.iam.createAccessKey(userName), ['NoSuchEntity'])
    .catch((error: unknown) => {
      throw error instanceof AwsFailure && error.code === 'LimitExceeded' ? quotaUsed(userName, []) : error;
    });
  try {
    await writeKey(run, secret, key);
  } catch (error) {
    await run
      .call(`deletion of access key ${key.accessKeyId}`, () =>
        run.aws.iam.deleteAccessKey(userName, key.accessKeyId),
      )
      .catch((second: unknown) => {
        throw new Failure(
          `${reasonOf(error)} The new key ${key.accessKeyId} remains: ${reasonOf(second)}`,
          undefined,
          { cause: error },
        );
      });
    throw error;
  }
  return key.accessKeyId;
}

/** Writes the key and the id of the key that it replaced, which the rotation handles. */
async function writeKey(run: Run, secret: string, key: StoredAccessKey): Promise<void> {
  await run.call('access-key secret', () => run.aws.secrets.write(secret, keySecretText(key)));
}

function quotaUsed(userName: string, keys: readonly string[]): PreconditionFailed {
  const which = keys.length > 0 ? ` (${keys.join(', ')})` : '';
  return new PreconditionFailed(
    `iam:CreateAccessKey for user ${userName} is not possible (LimitExceeded): the user has ${MAX_KEYS} access keys already${which}, which are not in the secret and were not created by this deployment. Delete a key that is not in use, then deploy again.`,
    'LimitExceeded',
  );
}
