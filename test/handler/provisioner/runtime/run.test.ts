import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { AwsPorts } from '../../../../lib/handler/provisioner/aws/ports';
import { Deadline } from '../../../../lib/handler/provisioner/runtime/deadline';
import { Log, Redactor } from '../../../../lib/handler/log';
import { Run } from '../../../../lib/handler/provisioner/runtime/run';
import { VirtualClock } from '../support/virtual-clock';

const MINUTE = 60_000;

let clock: VirtualClock;
let start: number;
let deadline: Deadline;

beforeEach(() => {
  clock = new VirtualClock();
  start = clock.now();
});
afterEach(() => deadline.stop());

function runFor(minutes: number, { startedAt = start, retriesDenied = true } = {}): Run {
  deadline = new Deadline(clock, minutes * MINUTE);
  const log = new Log({ service: 'test', function_request_id: undefined }, new Redactor(), () => undefined);
  return new Run({ aws: {} as AwsPorts, clock, log, deadline, startedAt, invocationCount: 0, retriesDenied });
}

/** A call that fails with this code; how long it was repeated, in seconds. */
async function repeated(run: Run, code: string): Promise<number> {
  const from = clock.now();
  const failure = new AwsFailure('iam:CreateAccessKey', 'user reader', code);
  await expect(run.call('new access key', () => Promise.reject(failure))).rejects.toBe(failure);
  return (clock.now() - from) / 1_000;
}

test('retries a denied call for a minute from the start of the event, not of the call', async () => {
  expect(await repeated(runFor(15), 'AccessDenied')).toBeGreaterThanOrEqual(60);
  clock.pass(2 * MINUTE);
  expect(await repeated(runFor(15), 'AccessDenied')).toBe(0);
});

test('a Delete does not retry a denied call', async () => {
  expect(await repeated(runFor(15, { retriesDenied: false }), 'AccessDenied')).toBe(0);
});

test('retries a throttled call for 5 minutes', async () => {
  const seconds = await repeated(runFor(15), 'Throttling');
  expect(seconds).toBeGreaterThanOrEqual(300);
  expect(seconds).toBeLessThan(320);
});

test('begins no pause that exceeds the time of the invocation', async () => {
  const run = runFor(3);
  expect(await repeated(run, 'Throttling')).toBeLessThanOrEqual(140);
  expect(run.timeLeft()).toBeGreaterThanOrEqual(0);
  expect(run.softDeadline.aborted).toBe(false);
});

test('reports any other error immediately', async () => {
  expect(await repeated(runFor(15), 'MalformedPolicyDocument')).toBe(0);
});
