import type { AccessKey } from '../aws/ports';
import { Failure } from '../runtime/failure';
import { parseKeyRotation, type KeyRotation } from './properties';
import { readJournalText, readVersion } from '../access-key/secret-versions';
import { policyProblem } from '../aws/logs-user-policy';
import type { Run, Task } from '../aws/run';
import { storedAccessKey, keySecretText, readPendingKey } from '../access-key/key-secret';
import { nextKeyStep, type StoredAccessKey, type KeyStep } from '../access-key/key-state';
import { deactivatedNotice, deletedNotice, newKeyNotice } from './key-notices';
import { renewDataSources } from './renew-data-sources';
import { notify } from '../aws/notify';

/** Deletions of lost keys, then the step that is due. */
const MAX_STEPS = 3;

/** Replaces the access key of a logs user when it is due, then deactivates and deletes the replaced key: one step a day. */
export const rotateAccessKey: Task = async ({ raw }, run) => {
  const desired = parseKeyRotation(raw);
  let stored = await readStoredKey(run, desired);
  const problem = await policyProblem(run, desired);
  if (problem)
    await report(
      run,
      desired,
      `${problem.finding} No key is created until the policy is attached. ${problem.next}.`,
    );
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const step = await nextStep(run, desired, stored);
    if (problem && step.do === 'make') break;
    stored = await take(run, desired, stored, step);
    if (step.do !== 'delete-lost') break;
  }
  await renewDataSources(run, desired, stored, desired.times);
  return undefined;
};

async function readStoredKey(run: Run, { secret }: KeyRotation): Promise<StoredAccessKey> {
  const stored = storedAccessKey(await readVersion(run, secret, 'AWSCURRENT'));
  if (stored) return stored;
  throw new Failure(
    `The secret ${secret} holds no access key. Deploy with another \`revision\`, which creates a key.`,
  );
}

async function nextStep(
  run: Run,
  { userName, secret, times }: KeyRotation,
  stored: StoredAccessKey,
): Promise<KeyStep> {
  const keys = await run.call(`access keys of user ${userName}`, () => run.aws.iam.listAccessKeys(userName));
  const pendingKey = readPendingKey(await readJournalText(run, secret));
  return nextKeyStep(keys, stored, pendingKey, times, run.clock.now());
}

/** Takes a step and returns the value of the secret after it. */
async function take(
  run: Run,
  desired: KeyRotation,
  stored: StoredAccessKey,
  step: KeyStep,
): Promise<StoredAccessKey> {
  const { userName, topic, times } = desired;
  switch (step.do) {
    case 'nothing':
      return stored;
    case 'make':
      return make(run, desired, step.retiring);
    case 'deactivate': {
      await run.call(`deactivation of access key ${step.key}`, () =>
        run.aws.iam.deactivateAccessKey(userName, step.key),
      );
      const now = { ...stored, retired: { accessKeyId: step.key, deactivatedAt: run.clock.now() } };
      await write(run, desired, now);
      await notify(run, topic, ...deactivatedNotice(userName, step.key, stored, times, run.clock.now()));
      return now;
    }
    case 'delete':
    case 'delete-lost': {
      await run.call(`deletion of access key ${step.key}`, () =>
        run.aws.iam.deleteAccessKey(userName, step.key),
      );
      if (step.do === 'delete-lost') return stored;
      const now = { accessKeyId: stored.accessKeyId, secretAccessKey: stored.secretAccessKey };
      await write(run, desired, now);
      await notify(run, topic, ...deletedNotice(userName, step.key));
      return now;
    }
    case 'report':
      await report(run, desired, `IAM user ${userName}: ${step.problem}`);
      return stored;
  }
}

async function report(run: Run, { topic }: KeyRotation, problem: string): Promise<void> {
  run.needsAttention = true;
  await notify(run, topic, 'Datafold: an access key needs your attention', problem);
}

/** Creates a key. The journal lists the existing keys first, so that the next run recognizes a key that was not stored. */
async function make(run: Run, desired: KeyRotation, retiring?: string): Promise<StoredAccessKey> {
  const { userName, secret } = desired;
  const keys = await run.call(`access keys of user ${userName}`, () => run.aws.iam.listAccessKeys(userName));
  const pendingKey = {
    requestId: 'rotation',
    userName,
    keys: keys.map(({ accessKeyId }) => accessKeyId),
    at: run.clock.now(),
  };
  await run.call('journal in the secret', () =>
    run.aws.secrets.write(secret, JSON.stringify(pendingKey), 'DATAFOLD_PENDING'),
  );
  // Not retried: after a lost response, the next run finds the key by the journal and deletes it.
  const made = await run.step(`new access key of user ${userName}`, () =>
    run.aws.iam.createAccessKey(userName),
  );
  const stored = { ...made, ...(retiring !== undefined && { retired: { accessKeyId: retiring } }) };
  await write(run, desired, stored).catch((error: unknown) => deleteUnstoredKey(run, desired, made, error));
  if (desired.dataSourceSecrets.length === 0) {
    const holder = [{ name: 'wherever the key is used', secret }];
    await notify(run, desired.topic, ...newKeyNotice(stored, holder, desired.times, run.clock.now()));
  }
  return stored;
}

async function deleteUnstoredKey(
  run: Run,
  { userName }: KeyRotation,
  { accessKeyId }: AccessKey,
  error: unknown,
): Promise<never> {
  await run
    .call(`deletion of access key ${accessKeyId}`, () => run.aws.iam.deleteAccessKey(userName, accessKeyId))
    .catch(() => undefined); // the next run finds the key by the journal
  throw error;
}

async function write(run: Run, { secret }: KeyRotation, stored: StoredAccessKey): Promise<void> {
  await run.call('access-key secret', () => run.aws.secrets.write(secret, keySecretText(stored)));
}
