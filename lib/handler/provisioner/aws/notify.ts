import { reasonOf } from '../runtime/failure';
import { senderOf } from './call';
import type { Notices } from './ports';
import { retry } from '../runtime/retry';
import type { Run } from './run';

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 2_000;

/** Notifies people in the log and through the topic. A failed publication is not thrown, but shows in the metric. */
export async function notify(
  run: Run,
  topic: string | undefined,
  subject: string,
  text: string,
): Promise<void> {
  run.log.warn(subject, { notice: text });
  if (topic === undefined) return;
  const publish = async () =>
    run.call(`notice to ${topic}`, () => run.aws.notices.publish(topic, subject, text));
  await retry(run, { firstPauseMs: PAUSE_MS }, publish, (_, { count }) => count < MAX_ATTEMPTS).catch(
    (error: unknown) => {
      run.needsAttention = true;
      run.log.warn('the notice was not published', { error: reasonOf(error) });
    },
  );
}

/** SNS by the AWS SDK, loaded when first used. */
export function sdkNotices(): Notices {
  const load = async () => import('@aws-sdk/client-sns');
  const send = senderOf('sns', load, (sdk) => new sdk.SNSClient({ maxAttempts: 5 }));
  return {
    async publish(topic, subject, text) {
      const input = { TopicArn: topic, Subject: subject, Message: text };
      await send('Publish', topic, input);
    },
  };
}
