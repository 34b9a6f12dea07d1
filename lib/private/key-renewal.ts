import type { aws_secretsmanager as secretsmanager, aws_sns as sns } from 'aws-cdk-lib';
import type { ProvisionedResource } from './provisioned-resource';
import { TaskRule } from './task-rule';
import { allowTopic } from './topic-rights';
import type { RenewConnectionsTask } from './wire/tasks';

/** Has the secrets of connections follow an access key that another stack replaces, within the hour. */
export class KeyRenewal {
  public constructor(
    private readonly keySecret: secretsmanager.ISecret,
    private readonly topic: sns.ITopic | undefined,
  ) {}

  public serve(connection: ProvisionedResource, secret: secretsmanager.ISecret): void {
    allowTopic(connection, this.topic);
    new TaskRule<RenewConnectionsTask>(connection, 'Renewal', {
      of: connection,
      description: 'Brings a new access key into the secret of a data source',
      schedule: 'rate(1 hour)',
      task: {
        datafoldTask: 'renew-connections',
        properties: { accessKeySecretArn: this.keySecret.secretArn },
        connectionSecretArns: [secret.secretArn],
        topicArn: this.topic?.topicArn,
      },
    });
  }
}
