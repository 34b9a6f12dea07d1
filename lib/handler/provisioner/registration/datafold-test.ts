import type { TestState } from '../datafold/answers';
import { type DatafoldApi, RETRY_WINDOW_MS } from '../datafold/api';
import { describe, stepsInWords, type Named } from '../datafold/by-hand';
import { shorten } from '../runtime/failure';
import type { Run } from '../aws/run';

/** How long Datafold's test may take; a schema of many tables takes its time. */
const MAX_TEST_MS = 25 * 60_000;
const MAX_PAUSE_MS = 64_000;

export interface TestProgress {
  readonly jobId: number;
  readonly startedAt: number;
}

export interface TestOutcome {
  /** The test is not done, but this invocation has no more time. */
  readonly open?: TestProgress;
  readonly problem?: string;
  readonly steps: string;
}

/** Runs Datafold's own test of a data source, or goes on waiting for one. */
export async function runTest(
  run: Run,
  api: DatafoldApi,
  source: Named,
  existed: boolean,
  progress?: TestProgress,
): Promise<TestOutcome> {
  const test = progress ?? { jobId: await api.startTest(source.id), startedAt: run.clock.now() };
  for (let pause = 1_000; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    if (run.timeLeft() < RETRY_WINDOW_MS + pause) return { open: test, steps: '' };
    const state = withoutSecrets(run, await api.readTest(test.jobId));
    if (['done', 'failed', 'cancelled'].includes(state.status))
      return { problem: problemOf(state, source, existed), steps: stepsInWords(state.steps) };
    if (run.clock.now() - test.startedAt >= MAX_TEST_MS)
      return { problem: tooLong(state, source), steps: stepsInWords(state.steps) };
    await run.pause(pause);
  }
}

/** Datafold may quote what it was given. Taken out before a text is cut, which could leave a part of a secret. */
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
  return `Datafold's test of ${describe(source)} did not end within ${MAX_TEST_MS / 60_000} minutes; it is ${status}. ${shorten(stepsInWords(steps), 300)}. Look at it there.`;
}

/** One that is made again has another password, which nobody can put into the old one but by hand. */
function nextStep(existed: boolean): string {
  return existed
    ? 'It was there before, perhaps with a password or AWS secret of an earlier deployment, which only a person can change. Delete it there by hand, then deploy again.'
    : "Remove the cause; it stays in Datafold, whose API can't delete it, so delete it there by hand, then deploy again.";
}
