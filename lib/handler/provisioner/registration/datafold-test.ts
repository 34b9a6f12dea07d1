import type { TestState } from '../datafold/answers';
import { type DatafoldApi, RETRY_WINDOW_MS } from '../datafold/api';
import { describe, stepsInWords, type Named } from '../datafold/by-hand';
import { shorten } from '../../shorten';
import type { Run } from '../aws/run';

/** How long Datafold's test may take; a schema with many tables takes long. */
const MAX_TEST_MS = 25 * 60_000;
const MAX_PAUSE_MS = 64_000;

/** A test that Datafold runs. `startedAt` is in milliseconds since 1970. */
export interface TestProgress {
  readonly jobId: number;
  readonly startedAt: number;
}

/** The result of a test, or its progress if the time of the invocation ends first. */
type TestOutcome =
  { readonly open: TestProgress } | { readonly steps: string; readonly problem: string | undefined };

/** Runs Datafold's own test of a data source, or continues to wait for it. */
export async function runTest(
  run: Run,
  api: DatafoldApi,
  source: Named,
  existed: boolean,
  progress?: TestProgress,
): Promise<TestOutcome> {
  const test = progress ?? { jobId: await api.startTest(source.id), startedAt: run.clock.now() };
  for (let pause = 1_000; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    if (run.timeLeft() < RETRY_WINDOW_MS + pause) return { open: test };
    const state = withoutSecrets(run, await api.readTest(test.jobId));
    if (['done', 'failed', 'cancelled'].includes(state.status))
      return { problem: problemOf(state, source, existed), steps: stepsInWords(state.steps) };
    if (run.clock.now() - test.startedAt >= MAX_TEST_MS)
      return { problem: tooLong(state, source), steps: stepsInWords(state.steps) };
    await run.pause(pause);
  }
}

/** Removes secrets, which Datafold may quote. Must come before a text is shortened, which could leave a part of a secret. */
function withoutSecrets(run: Run, { status, steps }: TestState): TestState {
  return { status, steps: steps.map((step) => ({ ...step, message: run.clean(step.message) })) };
}

function problemOf({ status, steps }: TestState, source: Named, existed: boolean): string | undefined {
  const failed = steps.filter(({ verdict }) => verdict === 'failed').map(({ step }) => step);
  if (status === 'done' && failed.length === 0) return undefined;
  const at = failed.length > 0 ? `failed at ${failed.join(', ')}` : `ended as ${status}`;
  return `Datafold's test of ${describe(source)} ${at}. ${stepsInWords(steps)}. ${nextStep(existed)}`;
}

function tooLong({ status, steps }: TestState, source: Named): string {
  return `Datafold's test of ${describe(source)} did not end within ${MAX_TEST_MS / 60_000} minutes; it is ${status}. ${shorten(stepsInWords(steps), 300)}. Check the test in Datafold.`;
}

/** Returns the next step. An existing data source may have another password, which can only be entered by hand. */
function nextStep(existed: boolean): string {
  return existed
    ? 'The data source existed before this deployment, perhaps with an earlier password or AWS secret, which only a person can change. Delete it in Datafold, then deploy again.'
    : "Remove the cause. Datafold's API can't delete the data source: delete it in Datafold, then deploy again.";
}
