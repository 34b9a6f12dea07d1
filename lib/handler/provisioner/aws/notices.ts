import type { SNSClient } from '@aws-sdk/client-sns';
import { call } from './call';
import type { Notices } from './ports';

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
