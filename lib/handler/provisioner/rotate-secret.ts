import { rememberSecrets } from './aws/remember';
import { Deadline } from './runtime/deadline';
import { Failure, reasonOf } from './runtime/failure';
import { Redactor } from '../log';
import { logOf, type Invocation } from './runtime/provision';
import { rotationStep, type RotationEvent } from './password-rotation/steps';
import { Run } from './runtime/run';
import { taskMetric } from './task-report';
import { assertPinnedRotation } from './pinned';
import { pinsIn } from './pins';
import { hostIn, type Surroundings } from './provision';

/** Parses a rotation step of Secrets Manager; undefined for other events. */
export function parseRotationEvent(event: unknown): RotationEvent | undefined {
  const { Step, SecretId, ClientRequestToken } = (event ?? {}) as Record<string, unknown>;
  if (typeof Step !== 'string' || typeof SecretId !== 'string' || typeof ClientRequestToken !== 'string')
    return undefined;
  return { step: Step, secret: SecretId, token: ClientRequestToken };
}

/** Runs one step of a rotation. Rethrows its failure, so that Secrets Manager does not start the next step. */
export async function rotateSecret(
  event: RotationEvent,
  invocation: Invocation,
  surroundings: Surroundings,
): Promise<void> {
  const { clock } = surroundings;
  const pins = pinsIn(surroundings);
  const redactor = new Redactor();
  const log = logOf(hostIn(surroundings), invocation, redactor, {
    rotationStep: event.step,
    secret: event.secret,
  });
  const deadline = new Deadline(clock, invocation.getRemainingTimeInMillis());
  const aws = rememberSecrets(surroundings.aws, redactor);
  const run = new Run({
    aws,
    clock,
    log,
    deadline,
    startedAt: clock.now(),
    invocationCount: 0,
    retriesDenied: true, // Secrets Manager tests a new rotation as soon as its policies exist
  });
  const ended = (failed: boolean) =>
    log.metrics(taskMetric(clock.now(), invocation.invokedFunctionArn, 'rotate-password', failed));
  try {
    if (pins) assertPinnedRotation(event, pins);
    await deadline.race(rotationStep(run, event, pins?.stack), () =>
      run.late(', then rotate the secret again.'),
    );
    ended(run.needsAttention);
  } catch (error) {
    const reason = redactor.clean(reasonOf(error));
    log.warn('the step of the rotation failed', { error: reason });
    ended(true);
    throw new Failure(`The step ${event.step} of the rotation of ${event.secret} failed. ${reason}`);
  } finally {
    deadline.stop();
    run.end();
  }
}
