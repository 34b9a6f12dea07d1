import type { SNSClient } from '@aws-sdk/client-sns';
import { reasonOf } from '../runtime/failure';
import { call } from './call';
import type { Notices } from './ports';
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

/** SNS by the AWS SDK, loaded when first used. */
export function sdkNotices(): Notices {
  let made: SNSClient | undefined;
  return {
    async publish(topic, subject, text) {
      const sdk = await import('@aws-sdk/client-sns');
      const client = (made ??= new sdk.SNSClient({ maxAttempts: 5 }));
      await call('sns:Publish', topic, () =>
        client.send(new sdk.PublishCommand({ TopicArn: topic, Subject: subject, Message: text })),
      );
    },
  };
}
