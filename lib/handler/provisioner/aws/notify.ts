import { reasonOf } from '../runtime/failure';
import type { Run } from './run';

const ATTEMPTS = 3;
const PAUSE = 2_000;

/** Tells people, in the function's log and through the topic. A topic that does not take it holds nothing up, but shows in the metric. */
export async function tell(
  run: Run,
  topic: string | undefined,
  subject: string,
  text: string,
): Promise<void> {
  run.log.warn(subject, { notice: text });
  if (topic === undefined) return;
  for (let attempt = 1; ; attempt++) {
    try {
      return await run.call(`notice to ${topic}`, () => run.aws.notices.publish(topic, subject, text));
    } catch (error) {
      if (attempt === ATTEMPTS) {
        run.needsAttention = true;
        return run.log.warn('the notice was not published', { error: reasonOf(error) });
      }
      await run.pause(PAUSE);
    }
  }
}
