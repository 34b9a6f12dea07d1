import { randomInt } from 'node:crypto';
import type { PasswordRequest, SqlReport } from '../../../private/wire/sql';
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

/** What Secrets Manager asks a rotation function for, step by step. Each step may come several times. */
export interface RotationEvent {
  readonly step: string;
  readonly secret: string;
  /** The id of the version that is to become the current one. */
  readonly token: string;
}

/** Takes one step. */
export async function rotationStep(run: Run, event: RotationEvent): Promise<void> {
  let rotation: PasswordRotation | undefined;
  try {
    rotation = await readRotation(run, event.secret);
    await takeStep(run, rotation, event);
  } catch (error) {
    const [whose, topic] = rotation
      ? [`of role ${rotation.access.access.roleName}`, rotation.topic]
      : [`in the secret ${event.secret}`, await topicOfSecret(run, event.secret)];
    const text = `The rotation of the password ${whose} failed at ${event.step}. ${reasonOf(error)}`;
    await notify(run, topic, 'Datafold: the rotation of a password failed', text);
    throw error;
  }
}

/** For when what a rotation has to know can't be read: the topic stands in a tag, too. */
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
      throw new Failure(`Secrets Manager asked for the step ${step}, which no rotation has.`);
  }
}

async function readRotation(run: Run, secret: string): Promise<PasswordRotation> {
  const text = await run
    .call('what a rotation has to know', () => run.aws.secrets.read(secret, 'DATAFOLD_ROTATION'))
    .catch((error: unknown) => {
      if (!isAws(error, 'ResourceNotFound'))
        throw new Failure(
          `What a rotation has to know can't be read: ${reasonOf(error)} If the secret has had another key since, give another \`revision\` and deploy: it is then written again.`,
        );
      throw new Failure(
        `The secret ${secret} is none that this function rotates: it has no version DATAFOLD_ROTATION. Set \`rotatePassword\` and deploy again, or take the rotation off this secret.`,
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
    return run.log.info('nothing to do: the new password is made already');
  await waitForDeployment(run, stackId);
  await run.call('new password', () => run.aws.rotation.writePending(secret, token, newPassword()));
}

/**
 * A deployment that has read the former password sets it again. The steps that follow do not wait: what is begun must come to
 * its end, or the secret and the role differ.
 */
async function waitForDeployment(run: Run, stackId: string | undefined): Promise<void> {
  try {
    await new TaskFence(run.aws.stacks, stackId, run.clock, run.log).settle();
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    throw new Failure(
      `No new password is made while CloudFormation changes the stack: ${error.reason}. Rotate the secret again when the deployment is over.`,
    );
  }
}

async function set(run: Run, rotation: PasswordRotation, password: string): Promise<void> {
  const currentPassword = await readPassword(run, rotation.access.passwordSecret);
  const { statements } = await askSqlRunner(run, rotation.access, 'set-password', password, currentPassword);
  if (statements === 0) run.log.info('nothing to do: the role has the new password already');
}

/** Before the first rotation Secrets Manager asks for this step alone, perhaps with a version that has no value. */
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
  // Whoever deploys meanwhile sets the password that is current until now.
  await set(run, rotation, password);
  // Before: what fails here must not leave a rotation that is over with data sources that never heard of it.
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
  return run.call('new password, as it is', () =>
    run.aws.rotation.readPending(secret, token).catch((error: unknown) => {
      if (isAws(error, 'ResourceNotFound')) return undefined;
      throw error;
    }),
  );
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 40;

/** As the first one, which Secrets Manager makes: letters and digits, 238 bits. */
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
): Promise<SqlReport> {
  return invokeUntilAnswered(run, sqlRunner, async () => ({
    operation,
    server: await findServer(run, server),
    admin: await readAdmin(run, adminSecret), // anew: RDS changes it when it likes
    roleName: access.roleName,
    password,
    ...(currentPassword !== undefined && { currentPassword }),
    databaseName: access.databases[0].databaseName,
    maintenanceDatabase: access.maintenanceDatabase,
  }));
}
