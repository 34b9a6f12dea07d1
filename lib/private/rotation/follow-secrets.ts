import type { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { DataSourceProps } from '../../data-source-props';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import { renewHourly } from './renewal-rule';

/** Keeps the secret of a data source up to date after rotations: the rotation updates the secret, or else an hourly task does. */
export function followSecrets(
  value: ProvisionedResource,
  secret: secretsmanager.ISecret,
  { access, logsUser }: Pick<DataSourceProps, 'access' | 'logsUser'>,
): void {
  const logGroupName = access.server.logGroupName;
  if (logsUser && logGroupName !== undefined) {
    const follows = logsUser.addDataSource(secret, logGroupName);
    if (logsUser.isRotated && !follows)
      renewHourly(value, secret, {
        id: 'Renewal',
        name: 'access key',
        of: { accessKeySecretArn: logsUser.accessKeySecret.secretArn },
        topic: logsUser.noticeTopic,
      });
  }
  const follows = access.addDataSource(secret);
  if (access.isRotated && !follows)
    renewHourly(value, secret, {
      id: 'PasswordRenewal',
      name: 'password',
      of: { passwordSecretArn: access.passwordSecret.secretArn },
      topic: access.noticeTopic,
    });
}
