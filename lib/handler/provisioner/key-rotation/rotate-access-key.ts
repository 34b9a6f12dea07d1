import type { AccessKey } from '../aws/ports';
import { Failure } from '../runtime/failure';
import { parseKeyRotation, type KeyRotation } from './properties';
import { readJournalText, readVersion } from '../access-key/secret-versions';
import { policyProblem } from '../aws/logs-user-policy';
import type { Run, Task } from '../aws/run';
import { heldKey, keySecretText, makingOfKey } from '../access-key/key-secret';
import { nextKeyStep, type HeldKey, type KeyStep } from '../access-key/key-state';
import { deactivatedNotice, deletedNotice, newKeyNotice } from './key-notices';
import { renewConnections } from './renew-connections';
import { tell } from '../aws/notify';

/** A lost key, then the step that was due: more can't be due at once. */
const MOST_STEPS = 3;

/** Replaces the access key of a logs user when its time has come, and takes the old one away, one step a day. */
export const rotateAccessKey: Task = async ({ raw }, run) => {
  const wanted = parseKeyRotation(raw);
  let held = await readHeld(run, wanted);
  const problem = await policyProblem(run, wanted);
  if (problem)
    await report(run, wanted, `${problem.finding} No key is made until it is attached. ${problem.next}.`);
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const step = await nextStep(run, wanted, held);
    if (problem && step.do === 'make') break;
    held = await take(run, wanted, held, step);
    if (step.do !== 'delete-lost') break;
  }
  await renewConnections(run, wanted, held, wanted.times);
  return undefined;
};

async function readHeld(run: Run, { secret }: KeyRotation): Promise<HeldKey> {
  const held = heldKey(await readVersion(run, secret, 'AWSCURRENT'));
  if (held) return held;
  throw new Failure(
    `The secret ${secret} holds no access key. Deploy with another \`revision\`, which makes one.`,
  );
}

async function nextStep(run: Run, { userName, secret, times }: KeyRotation, held: HeldKey): Promise<KeyStep> {
  const keys = await run.call(`access keys of user ${userName}`, () => run.aws.iam.listAccessKeys(userName));
  const making = makingOfKey(await readJournalText(run, secret));
  return nextKeyStep(keys, held, making, times, run.clock.now());
}

/** Takes a step; what the secret holds then. */
async function take(run: Run, wanted: KeyRotation, held: HeldKey, step: KeyStep): Promise<HeldKey> {
  const { userName, topic, times } = wanted;
  switch (step.do) {
    case 'nothing':
      return held;
    case 'make':
      return make(run, wanted, step.retiring);
    case 'deactivate': {
      await run.call(`deactivation of access key ${step.key}`, () =>
        run.aws.iam.deactivateAccessKey(userName, step.key),
      );
      const now = { ...held, retired: { accessKeyId: step.key, deactivatedAt: run.clock.now() } };
      await write(run, wanted, now);
      await tell(run, topic, ...deactivatedNotice(userName, step.key, held, times, run.clock.now()));
      return now;
    }
    case 'delete':
    case 'delete-lost': {
      await run.call(`deletion of access key ${step.key}`, () =>
        run.aws.iam.deleteAccessKey(userName, step.key),
      );
      if (step.do === 'delete-lost') return held;
      const now = { accessKeyId: held.accessKeyId, secretAccessKey: held.secretAccessKey };
      await write(run, wanted, now);
      await tell(run, topic, ...deletedNotice(userName, step.key));
      return now;
    }
    case 'report':
      await report(run, wanted, `IAM user ${userName}: ${step.problem}`);
      return held;
  }
}

async function report(run: Run, { topic }: KeyRotation, problem: string): Promise<void> {
  run.needsAttention = true;
  await tell(run, topic, 'Datafold: an access key needs your attention', problem);
}

/** Writes down first what is there, so that a run that is cut short leaves nothing that is not known for its own. */
async function make(run: Run, wanted: KeyRotation, retiring?: string): Promise<HeldKey> {
  const { userName, secret } = wanted;
  const keys = await run.call(`access keys of user ${userName}`, () => run.aws.iam.listAccessKeys(userName));
  const making = {
    requestId: 'rotation',
    userName,
    keys: keys.map(({ accessKeyId }) => accessKeyId),
    at: run.clock.now(),
  };
  await run.call('journal in the secret', () =>
    run.aws.secrets.write(secret, JSON.stringify(making), 'DATAFOLD_PENDING'),
  );
  // Not repeated: after an answer that was lost, the next run finds the key by the journal and deletes it.
  const made = await run.step(`new access key of user ${userName}`, () =>
    run.aws.iam.createAccessKey(userName),
  );
  const held = { ...made, ...(retiring !== undefined && { retired: { accessKeyId: retiring } }) };
  await write(run, wanted, held).catch((error: unknown) => giveBack(run, wanted, made, error));
  if (wanted.connectionSecrets.length === 0) {
    const holder = [{ name: 'wherever the key is in use', secret }];
    await tell(run, wanted.topic, ...newKeyNotice(held, holder, wanted.times, run.clock.now()));
  }
  return held;
}

async function giveBack(
  run: Run,
  { userName }: KeyRotation,
  { accessKeyId }: AccessKey,
  error: unknown,
): Promise<never> {
  await run
    .call(`deletion of access key ${accessKeyId}`, () => run.aws.iam.deleteAccessKey(userName, accessKeyId))
    .catch(() => undefined); // then the next run finds it by the journal
  throw error;
}

async function write(run: Run, { secret }: KeyRotation, held: HeldKey): Promise<void> {
  await run.call('access-key secret', () => run.aws.secrets.write(secret, keySecretText(held)));
}
