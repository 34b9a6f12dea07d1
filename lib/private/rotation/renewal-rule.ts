import type { aws_secretsmanager as secretsmanager, aws_sns as sns } from 'aws-cdk-lib';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import { TaskRule } from '../functions/task-rule';
import { topicRights } from '../functions/secret-and-topic-rights';
import type { RenewDataSourcesTask } from '../wire/tasks';

/** Updates the secret of a data source within the hour after another stack has rotated a password or an access key. */
export function renewHourly(
  dataSource: ProvisionedResource,
  secret: secretsmanager.ISecret,
  what: {
    readonly id: string;
    readonly name: string;
    readonly of: RenewDataSourcesTask['properties'];
    readonly topic: sns.ITopic | undefined;
  },
): void {
  dataSource.allowButToDelete(...topicRights(what.topic));
  new TaskRule<RenewDataSourcesTask>(dataSource, what.id, {
    of: dataSource,
    description: `Brings a new ${what.name} into the secret of a data source`,
    schedule: 'rate(1 hour)',
    task: {
      datafoldTask: 'renew-data-sources',
      properties: what.of,
      dataSourceSecretArns: [secret.secretArn],
      topicArn: what.topic?.topicArn,
    },
  });
}
