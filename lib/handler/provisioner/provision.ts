import { fenced } from './aws/fenced';
import type { AwsPorts } from './aws/ports';
import { rememberSecrets } from './aws/remember';
import { handlerOf, ID_PREFIX } from './dispatch';
import { assertAnswerable, assertPinned } from './pinned';
import { type ANY_EVENT, type Pins, pinsIn } from './pins';
import type { Clock } from './runtime/deadline';
import { provision as provisionOn, type Host, type Invocation } from './runtime/provision';

/** The name of this function in its log. */
const SERVICE = 'datafold-provisioner';

/** The environment of the function. */
export interface Surroundings {
  readonly aws: AwsPorts;
  readonly clock: Clock;
  readonly write: (line: string) => void;
  /** What the function was deployed for. */
  readonly pins: Pins | typeof ANY_EVENT;
}

/** Handles an event of CloudFormation and sends the response. */
export async function provision(
  raw: unknown,
  invocation: Invocation,
  surroundings: Surroundings,
): Promise<void> {
  const pins = pinsIn(surroundings);
  await provisionOn(raw, invocation, {
    ...hostIn(surroundings),
    idPrefix: ID_PREFIX,
    handlerOf,
    assertAnswerable: (event) => pins && assertAnswerable(event, pins),
    assertAllowed: (event) => pins && assertPinned(event, pins),
  });
}

/** Wraps the environment: each change is fenced and each secret is redacted. */
export function hostIn({ aws, clock, write }: Surroundings): Host<AwsPorts> {
  return {
    aws,
    clock,
    write,
    service: SERVICE,
    protect: (ports, check, redactor) => rememberSecrets(fenced(ports, check), redactor),
  };
}
