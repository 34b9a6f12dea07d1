import type { aws_secretsmanager as secretsmanager, aws_sns as sns } from 'aws-cdk-lib';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import { renewHourly } from './renewal-rule';

/** Has the secrets of data sources follow an access key that another stack replaces. */
export class KeyRenewal {
  public constructor(
    private readonly keySecret: secretsmanager.ISecret,
    private readonly topic: sns.ITopic | undefined,
  ) {}

  public serve(dataSource: ProvisionedResource, secret: secretsmanager.ISecret): void {
    const of = { accessKeySecretArn: this.keySecret.secretArn };
    renewHourly(dataSource, secret, { id: 'Renewal', name: 'access key', of, topic: this.topic });
  }
}
