import { keepsKeySecret } from '../../private/datafold';
import { secretKey } from '../../private/wire/pins';
import { Failure } from './runtime/failure';
import type { CustomResourceEvent } from './runtime/event';
import type { RotationEvent } from './password-rotation/steps';
import { parseRegistration } from './registration/properties';
import type { Pins } from './pins';
import { isOfCloudFormation } from './runtime/response';
import type { TaskEvent } from './runtime/tasks';

const NEXT =
  'If a deployment asks for it, deploy constructs and functions of the same release; else somebody invokes the function, which CloudTrail names (lambda:InvokeFunction), and should not be allowed to.';

type Properties = Readonly<Record<string, unknown>>;

/** Throws Failure if the ResponseURL is not one of CloudFormation; no response is sent then. */
export function assertAnswerable({ responseUrl }: CustomResourceEvent, pins: Pins): void {
  if (isOfCloudFormation(responseUrl, pins)) return;
  throw refusal('its ResponseURL is not one of CloudFormation in this region');
}

/**
 * Fails for an event that is not of this stack, or that would bring an API key elsewhere than to its Datafold.
 *
 * The sql-runner looks after the servers. What kind of secret is read, its value says: see `aws/secret-kinds.ts`. A Delete brings
 * no secret anywhere but to a server.
 */
export function assertPinned(event: CustomResourceEvent, pins: Pins): void {
  const { stackId, requestType, resourceType } = event;
  assertOwnStack(stackId, pins);
  if (requestType === 'Delete') return;
  assertNoApiKey(objectOf(event.properties).passwordSecretArn, pins);
  if (resourceType === 'Custom::DatafoldRegistration') assertDatafold(event.properties, pins);
}

/** Throws Failure for a rotation of the secret of an API key. What else may be rotated, the pins of the sql-runner name. */
export function assertPinnedRotation({ secret }: RotationEvent, pins: Pins): void {
  assertNoApiKey(secret, pins);
}

/** Throws Failure for a task of a schedule that is not of this stack. */
export function assertPinnedTask({ raw }: TaskEvent, pins: Pins): void {
  assertOwnStack(raw.stackId, pins);
  assertNoApiKey(objectOf(raw.properties).passwordSecretArn, pins);
}

function assertOwnStack(stackId: unknown, { stack }: Pins): void {
  if (stackId !== stack) throw refusal(`it is not of the stack ${stack}`);
}

/** Throws Failure for the secret of the API key, which looks like a password. */
function assertNoApiKey(secret: unknown, { datafold }: Pins): void {
  if (typeof secret !== 'string' || !datafold.some(({ apiKey }) => apiKey === secretKey(secret))) return;
  throw refusal(`${secret} holds an API key of Datafold, not the password of a role`);
}

/** Throws Failure unless the API key is sent to its own host, encrypted. */
function assertDatafold(properties: unknown, { datafold }: Pins): void {
  const { host, apiKeySecret } = parseRegistration(properties);
  const isPinned = datafold.some(
    (one) =>
      originOf(one.host) === host && (one.apiKey === undefined || one.apiKey === secretKey(apiKeySecret)),
  );
  if (!isPinned) throw refusal(`${host} is not where this stack sends the API key in ${apiKeySecret}`);
  if (!keepsKeySecret(new URL(host)))
    throw refusal(`${host} would get the API key without encryption: give \`registration.host\` with https`);
}

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : url);
const objectOf = (value: unknown) => (value ?? {}) as Properties;
const refusal = (reason: string) => new Failure(`The provisioner refuses this event: ${reason}. ${NEXT}`);
