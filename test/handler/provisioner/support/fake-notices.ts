import type { Notices } from '../../../../lib/handler/provisioner/aws/ports';
import type { Faults } from './faults';

/** SNS: what the subscribers of all topics received. */
export class FakeNotices implements Notices {
  readonly published: { readonly topic: string; readonly subject: string; readonly text: string }[] = [];

  constructor(private readonly faults: Faults) {}

  async publish(topic: string, subject: string, text: string): Promise<void> {
    this.faults.check('sns:Publish', topic);
    this.published.push({ topic, subject, text });
  }
}
