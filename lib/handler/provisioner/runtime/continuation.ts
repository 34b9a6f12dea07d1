import { passesInLambda } from '../aws/lambda-passing';
import { reasonOf } from './failure';
import type { ContinueLater } from './outcome';
import type { StackReading } from './fence-rules';
import type { Continuation } from './event';
import type { Run } from './run';

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 4_000;

/** Leaves the rest of the work to another invocation of this function: the same event, with what has to be known there. */
export async function passOn(
  run: Run,
  ownArn: string,
  raw: unknown,
  { startedAt, round }: Continuation,
  { state }: ContinueLater,
  stack?: StackReading,
): Promise<void> {
  const continuation: Continuation = { startedAt, round: round + 1, state, stack };
  const payload = JSON.stringify({ ...(raw as object), continuation });
  await run
    .step(`${run.waitingFor} (in another invocation)`, async () => insist(run, ownArn, payload))
    .catch((error: unknown) => {
      throw run.halfMade === undefined ? error : run.failure(reasonOf(error));
    });
}

/** The time to hand over is past, so it is the time that is kept for the answer which a busy Lambda is asked in. */
async function insist(run: Run, ownArn: string, payload: string): Promise<void> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await run.aws.functions.send(ownArn, payload);
    } catch (error) {
      if (!passesInLambda(error) || run.timeToAnswer() <= pause) throw error;
      await run.clock.sleep(pause);
    }
  }
}
