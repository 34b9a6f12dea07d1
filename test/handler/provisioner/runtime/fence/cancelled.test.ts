import type { Clock } from '../../../../../lib/handler/provisioner/runtime/deadline';
import type { ResourceType } from '../../../../../lib/private/wire/resources';
import { STACK_ID } from '../../support/stack';
import type { TestEnvironment } from '../../support/test-environment';
import { Calls } from './support';
import { TYPES, type Prepared } from './types';

/** CloudFormation makes up an id where it never got one. */
const MADE_UP = 'shop-Thing-1ABCDEF';
const SECONDS = 1_000;

interface Cancelled {
  /** False where the request came to its end before it could be cancelled. */
  readonly isCancelled: boolean;
  /** What was changed once the way back had been answered. */
  readonly changes: readonly string[];
  /** The requests that were answered. */
  readonly answered: readonly string[];
  readonly wayBack?: string;
}

type Kind = 'Create' | 'Update' | 'Delete';

/** Sends a request, and cancels it after the call of that number: the way back is done while that call is under way. */
async function cancelAfter(kind: Kind, type: ResourceType, number: number): Promise<Cancelled> {
  const prepared = await TYPES[type]();
  const { environment, resource, properties, changed, asked = () => [] } = prepared;
  try {
    if (kind !== 'Create') expect((await resource.create(properties)).Status).toBe('SUCCESS');
    const calls = new Calls(environment);
    const from = environment.receiver.received.length;
    let [isCancelled, mark, askedBefore] = [false, 0, 0];
    let wayBack: string | undefined;
    calls.after = async (count) => {
      if (count !== number) return;
      calls.after = async () => undefined;
      isCancelled = true;
      wayBack = await goBack(kind, prepared);
      [mark, askedBefore] = [calls.made.length, asked().length];
    };
    const request = requestOf(kind, prepared, kind === 'Update' ? changed : properties);
    await invokeToTheEnd(environment, request);
    const answers = environment.receiver.received
      .slice(from)
      .map(({ body }) => JSON.parse(body) as { RequestId: string });
    return {
      isCancelled,
      changes: isCancelled ? [...calls.changes(mark), ...asked().slice(askedBefore)] : [],
      answered: answers.map(({ RequestId }) => RequestId).filter((id) => id === 'A'),
      wayBack,
    };
  } finally {
    await prepared.stop();
  }
}

/** What CloudFormation does when a sibling fails, or when a Delete times out. */
async function goBack(kind: Kind, { environment, resource, properties, changed }: Prepared): Promise<string> {
  const { stacks, clock } = environment;
  stacks.cancel();
  stacks.current = {
    Create: 'ROLLBACK_IN_PROGRESS',
    Update: 'UPDATE_ROLLBACK_IN_PROGRESS',
    Delete: 'DELETE_IN_PROGRESS',
  }[kind];
  clock.pass(3 * SECONDS);
  if (kind === 'Delete') {
    stacks.changedAt = clock.now();
    const { Status } = await resource.delete(resource.physicalId!, properties);
    stacks.current = 'DELETE_COMPLETE';
    return Status;
  }
  const { Status } =
    kind === 'Create'
      ? await resource.delete(MADE_UP, properties)
      : await resource.updateTo(properties, changed, resource.physicalId!);
  stacks.current = kind === 'Create' ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE';
  return Status;
}

function requestOf(kind: Kind, { environment, resource, properties }: Prepared, desired: object): object {
  const { type, logicalId } = resource as unknown as { type: string; logicalId: string };
  return {
    RequestType: kind,
    RequestId: 'A',
    ResponseURL: environment.receiver.url,
    StackId: STACK_ID,
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceProperties: desired,
    ...(kind !== 'Create' && { PhysicalResourceId: resource.physicalId }),
    ...(kind === 'Update' && { OldResourceProperties: properties }),
  };
}

/** The first invocation for a request, and those that go on with it. */
async function invokeToTheEnd(environment: TestEnvironment, request: object): Promise<void> {
  const { sent } = environment.functions;
  const done = new Set<string>();
  for (let next: object | undefined = request; next;) {
    await environment.invoke(next, retriesDenied(environment.clock));
    const more = sent.find(({ payload }) => !done.has(payload) && payload.includes('"RequestId":"A"'));
    if (more) done.add(more.payload);
    next = more && (JSON.parse(more.payload) as object);
  }
}

/** Its long waits, for the end of an invocation, never end: the way back is answered in real time meanwhile. */
function retriesDenied(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    sleep: async (milliseconds, signal) =>
      milliseconds < 5 * 60 * SECONDS
        ? clock.sleep(milliseconds, signal)
        : new Promise((_, reject) => signal?.addEventListener('abort', reject)),
  };
}

const cases = (Object.keys(TYPES) as ResourceType[]).flatMap((type) =>
  (['Create', 'Update', 'Delete'] as const).map((kind): [Kind, ResourceType] => [kind, type]),
);

test.each(cases)(
  'a %s of %s that is cancelled at any moment changes nothing once its rollback is answered, and answers nothing',
  async (kind, type) => {
    for (let number = 1; number < 60; number++) {
      const { isCancelled, ...found } = await cancelAfter(kind, type, number);
      if (!isCancelled) return expect(found.answered).toEqual(['A']);
      expect({ number, ...found }).toEqual({ number, changes: [], answered: [], wayBack: 'SUCCESS' });
    }
    throw new Error('a request of 60 calls');
  },
);
