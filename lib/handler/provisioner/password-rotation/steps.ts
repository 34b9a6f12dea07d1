import { randomInt } from 'node:crypto';
import type { PasswordRequest } from '../../../private/wire/sql';
import type { PasswordReport } from '../../../private/wire/sql-reports';
import { isAws } from '../aws/failure';
import { notify } from '../aws/notify';
import type { Run } from '../aws/run';
import { renewPasswords } from '../data-source/stale-data-sources';
import { Failure, reasonOf, Superseded } from '../runtime/failure';
import { TaskFence } from '../runtime/fence';
import { invokeUntilAnswered } from '../sql-client/converge';
import { readAdmin, readPassword } from '../sql-client/request';
import { findServer } from '../sql-client/server-address';
import { type PasswordRotation, readRotation } from './settings';

/** The event of Secrets Manager for one step of a rotation. Each step may be repeated. */
export interface RotationEvent {
  readonly step: string;
  readonly secret: string;
  /** The id of the version that will become the current one. */
  readonly token: string;
}

/** Runs one step. Reports a failure to the topic and rethrows it. `stackId`: the stack whose deployments a rotation waits for. */
export async function rotationStep(run: Run, event: RotationEvent, stackId?: string): Promise<void> {
  let rotation: PasswordRotation | undefined;
  try {
    rotation = await readRotation(run, event.secret);
    await takeStep(run, rotation, event, stackId);
  } catch (error) {
    const [subject, topic] = rotation
      ? [`of role ${rotation.roleName}`, rotation.topic]
      : [`in the secret ${event.secret}`, await topicOfSecret(run, event.secret)];
    const text = `The rotation of the password ${subject} failed at ${event.step}. ${reasonOf(error)}`;
    await notify(run, topic, 'Datafold: the rotation of a password failed', text);
    throw error;
  }
}

/** Reads the topic from a tag of the secret, if the settings of the rotation can't be read. */
async function topicOfSecret(run: Run, secret: string): Promise<string | undefined> {
  const tags = run.call('tags of the secret', () => run.aws.rotation.tags(secret));
  return tags.then(
    (found) => found['datafold:notice-topic'],
    () => undefined,
  );
}

async function takeStep(
  run: Run,
  rotation: PasswordRotation,
  event: RotationEvent,
  stackId?: string,
): Promise<void> {
  const { step, secret, token } = event;
  const versions = await run.call('versions of the secret', () => run.aws.rotation.versions(secret));
  const labels = versions[token] ?? [];
  if (step === 'finishSecret') return finish(run, rotation, event, versions);
  if (labels.includes('AWSCURRENT')) return run.log.info('nothing to do: the version is the current one');
  switch (step) {
    case 'createSecret':
      return create(run, event, stackId);
    case 'setSecret':
      return set(run, rotation, event, await readPending(run, event));
    case 'testSecret':
      return test(run, rotation, event);
    default:
      throw new Failure(`Secrets Manager requested the unknown step ${step}.`);
  }
}

async function create(run: Run, { secret, token }: RotationEvent, stackId?: string): Promise<void> {
  if ((await pendingIfAny(run, secret, token)) !== undefined)
    return run.log.info('nothing to do: the new password already exists');
  await waitForDeployment(run, stackId);
  await run.call('new password', () => run.aws.rotation.writePending(secret, token, newPassword()));
}

/**
 * Waits for the end of a deployment, which would set the previous password again. Later steps do not wait: a rotation must be
 * completed once started, or the secret and the role differ.
 */
async function waitForDeployment(run: Run, stackId: string | undefined): Promise<void> {
  try {
    await new TaskFence(run.aws.stacks, stackId, run.clock, run.log).settle();
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    throw new Failure(
      `No new password is created while CloudFormation changes the stack: ${error.reason}. Rotate the secret again when the deployment is over.`,
    );
  }
}

async function set(
  run: Run,
  rotation: PasswordRotation,
  event: RotationEvent,
  password: string,
): Promise<void> {
  const currentPassword = await readPassword(run, event.secret);
  const passwords = { password, currentPassword };
  const { changed } = await askSqlRunner(run, rotation, event, 'set-password', passwords);
  if (!changed) run.log.info('nothing to do: the role already has the new password');
}

/** Logs in with the new password. Before the first rotation Secrets Manager runs only this step, perhaps without a new value. */
async function test(run: Run, rotation: PasswordRotation, event: RotationEvent): Promise<void> {
  const { secret, token } = event;
  const password = (await pendingIfAny(run, secret, token)) ?? (await readPassword(run, secret));
  await askSqlRunner(run, rotation, event, 'try-password', { password });
}

async function finish(
  run: Run,
  rotation: PasswordRotation,
  event: RotationEvent,
  versions: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const { secret, token } = event;
  const current = Object.keys(versions).find((id) => versions[id].includes('AWSCURRENT'));
  const isNew = current !== token;
  const password = isNew ? await readPending(run, event) : await readPassword(run, secret);
  // A deployment in between may have set the previous password.
  await set(run, rotation, event, password);
  // Data sources first: a failure must not end the rotation without updating them.
  await renewPasswords(run, rotation, password, isNew);
  if (isNew)
    await run.call('change of the current version', () =>
      run.aws.rotation.makeCurrent(secret, token, current),
    );
}

async function readPending(run: Run, { secret, token, step }: RotationEvent): Promise<string> {
  const pending = await pendingIfAny(run, secret, token);
  if (pending !== undefined) return pending;
  throw new Failure(
    `The version ${token} of the secret ${secret} has no new password for the step ${step}. Rotate the secret again.`,
  );
}

async function pendingIfAny(run: Run, secret: string, token: string): Promise<string | undefined> {
  return run.call('pending password', () =>
    run.aws.rotation.readPending(secret, token).catch((error: unknown) => {
      if (isAws(error, 'ResourceNotFound')) return undefined;
      throw error;
    }),
  );
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 40;

/** Returns a password like the first one, which Secrets Manager generates: letters and digits, 238 bits. */
function newPassword(): string {
  return Array.from({ length: LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('');
}

/** Sets or tries a password. */
async function askSqlRunner(
  run: Run,
  { sqlRunner, server, adminSecret, roleName, databaseName, maintenanceDatabase }: PasswordRotation,
  { secret: passwordSecret }: RotationEvent,
  operation: PasswordRequest['operation'],
  passwords: Pick<PasswordRequest, 'password' | 'currentPassword'>,
): Promise<PasswordReport> {
  return invokeUntilAnswered(run, sqlRunner, async () => ({
    operation,
    server: await findServer(run, server),
    admin: await readAdmin(run, adminSecret), // read again: RDS may rotate it at any time
    roleName,
    passwordSecret,
    ...passwords,
    databaseName,
    maintenanceDatabase,
  }));
}
