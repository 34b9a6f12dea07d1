import { randomInt } from 'node:crypto';
import type { PasswordRequest } from '../../../private/wire/sql';
import type { PasswordReport } from '../../../private/wire/sql-reports';
import { isAws } from '../aws/failure';
import { notify } from '../aws/notify';
import type { Run } from '../aws/run';
import { renewPasswords } from '../data-source/stale-data-sources';
import type { DatabaseAccess } from '../database-access/properties';
import { Failure, reasonOf, Superseded } from '../runtime/failure';
import { TaskFence } from '../runtime/fence';
import { invokeUntilAnswered } from '../sql-client/converge';
import { readAdmin, readPassword } from '../sql-client/request';
import { findServer } from '../sql-client/server-address';
import { parsePasswordRotation, type PasswordRotation } from './properties';

/** The event of Secrets Manager for one step of a rotation. Each step may be repeated. */
export interface RotationEvent {
  readonly step: string;
  readonly secret: string;
  /** The id of the version that will become the current one. */
  readonly token: string;
}

/** Runs one step. Reports a failure to the topic and rethrows it. */
export async function rotationStep(run: Run, event: RotationEvent): Promise<void> {
  let rotation: PasswordRotation | undefined;
  try {
    rotation = await readRotation(run, event.secret);
    await takeStep(run, rotation, event);
  } catch (error) {
    const [subject, topic] = rotation
      ? [`of role ${rotation.access.access.roleName}`, rotation.topic]
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

async function takeStep(run: Run, rotation: PasswordRotation, event: RotationEvent): Promise<void> {
  const { step, secret, token } = event;
  const versions = await run.call('versions of the secret', () => run.aws.rotation.versions(secret));
  const labels = versions[token] ?? [];
  if (step === 'finishSecret') return finish(run, rotation, event, versions);
  if (labels.includes('AWSCURRENT')) return run.log.info('nothing to do: the version is the current one');
  switch (step) {
    case 'createSecret':
      return create(run, rotation, event);
    case 'setSecret':
      return set(run, rotation, await readPending(run, event));
    case 'testSecret':
      return test(run, rotation, event);
    default:
      throw new Failure(`Secrets Manager requested the unknown step ${step}.`);
  }
}

async function readRotation(run: Run, secret: string): Promise<PasswordRotation> {
  const text = await run
    .call('settings of the rotation', () => run.aws.secrets.read(secret, 'DATAFOLD_ROTATION'))
    .catch((error: unknown) => {
      if (!isAws(error, 'ResourceNotFound'))
        throw new Failure(
          `The settings of the rotation can't be read: ${reasonOf(error)} If the KMS key of the secret was changed, deploy with another \`revision\`, which writes the settings again.`,
        );
      throw new Failure(
        `The secret ${secret} is not rotated by this function: it has no version DATAFOLD_ROTATION. Set \`rotatePassword\` and deploy again, or turn off the rotation of this secret.`,
      );
    });
  return parsePasswordRotation(JSON.parse(text));
}

async function create(
  run: Run,
  { stackId }: PasswordRotation,
  { secret, token }: RotationEvent,
): Promise<void> {
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

async function set(run: Run, rotation: PasswordRotation, password: string): Promise<void> {
  const currentPassword = await readPassword(run, rotation.access.passwordSecret);
  const { changed } = await askSqlRunner(run, rotation.access, 'set-password', password, currentPassword);
  if (!changed) run.log.info('nothing to do: the role already has the new password');
}

/** Logs in with the new password. Before the first rotation Secrets Manager runs only this step, perhaps without a new value. */
async function test(run: Run, { access }: PasswordRotation, { secret, token }: RotationEvent): Promise<void> {
  const pending = await pendingIfAny(run, secret, token);
  const password = pending ?? (await run.call('password secret', () => run.aws.secrets.read(secret)));
  await askSqlRunner(run, access, 'try-password', password);
}

async function finish(
  run: Run,
  rotation: PasswordRotation,
  event: RotationEvent,
  versions: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const { secret, token } = event;
  const current = Object.keys(versions).find((id) => versions[id].includes('AWSCURRENT'));
  if (current === token) {
    const password = await run.call('password secret', () => run.aws.secrets.read(secret));
    return renewPasswords(run, rotation, password, false);
  }
  const password = await readPending(run, event);
  // A deployment in between may have set the current password.
  await set(run, rotation, password);
  // Data sources first: a failure must not end the rotation without updating them.
  await renewPasswords(run, rotation, password, true);
  await run.call('change of the current version', () => run.aws.rotation.makeCurrent(secret, token, current));
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
  { server, adminSecret, access, sqlRunner }: DatabaseAccess,
  operation: PasswordRequest['operation'],
  password: string,
  currentPassword?: string,
): Promise<PasswordReport> {
  return invokeUntilAnswered(run, sqlRunner, async () => ({
    operation,
    server: await findServer(run, server),
    admin: await readAdmin(run, adminSecret), // read again: RDS may rotate it at any time
    roleName: access.roleName,
    password,
    ...(currentPassword !== undefined && { currentPassword }),
    databaseName: access.databases[0].databaseName,
    maintenanceDatabase: access.maintenanceDatabase,
  }));
}
