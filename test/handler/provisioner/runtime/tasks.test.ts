import { Continue } from '../../../../lib/handler/provisioner/runtime/outcome';
import type { Task } from '../../../../lib/handler/provisioner/aws/run';
import { STACK_ID } from '../support/stack';
import { OWN_ARN, TestEnvironment } from '../support/test-environment';

const EVENT = { datafoldTask: 'reconcile', stackId: STACK_ID, logicalResourceId: 'Access', note: 'stays' };

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
});
afterEach(async () => environment.stop());

const run = async (task: Task, more: object = {}) =>
  environment.task({ ...EVENT, ...more }, { reconcile: task });
const failures = () => environment.log.filter(({ message }) => message === 'the task failed');

test('continues in another invocation with the same event and the state of the task', async () => {
  const startedAt = environment.clock.now();
  await run(async () => new Continue({ half: 'done' }));
  expect(environment.functions.sent.map(({ name, payload }) => [name, JSON.parse(payload)])).toEqual([
    [OWN_ARN, { ...EVENT, continuation: { startedAt, invocationCount: 1, state: { half: 'done' } } }],
  ]);
});

test.each([
  ['50 minutes', { startedAt: -50 * 60_000, invocationCount: 3 }],
  ['12 invocations', { startedAt: 0, invocationCount: 12 }],
])('is given up after %s, which the log says', async (_, { startedAt, invocationCount }) => {
  const continuation = { startedAt: environment.clock.now() + startedAt, invocationCount, state: {} };
  await run(async () => new Continue({}), { continuation });
  expect(environment.functions.sent).toEqual([]);
  expect(failures()).toEqual([
    expect.objectContaining({
      level: 'WARN',
      error:
        "The work did not end before the function's timeout; it was waiting for this: the start of the work. Find the cause of the delay; the schedule starts it again.",
    }),
  ]);
});

test('a task that hangs is reported before the function times out, and does nothing afterwards', async () => {
  const start = environment.clock.now();
  let goOn = () => undefined as void;
  let after: unknown;
  await run(async (_, invocation) => {
    await new Promise<void>((resolve) => (goOn = resolve));
    after = await invocation.step('too late', async () => 'done').catch((error: Error) => error.message);
    return undefined;
  });
  expect(environment.clock.now() - start).toBeLessThan(environment.timeout);
  expect(failures()).toHaveLength(1);
  goOn();
  await new Promise((resolve) => setImmediate(resolve));
  expect(after).toBe('The response has already been sent.');
});

test('refuses an unknown task, of another release', async () => {
  await environment.task({ datafoldTask: 'dance' });
  expect(failures()).toEqual([
    expect.objectContaining({
      error:
        'The provisioner does not know the task dance. Deploy constructs and provisioner of the same release.',
    }),
  ]);
});
