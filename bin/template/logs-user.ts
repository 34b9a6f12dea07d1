import { type aws_kms as kms, Fn, type Stack } from 'aws-cdk-lib';
import { CloudWatchLogsUser, type FunctionProps, type ICloudWatchLogsUser } from '../../lib';
import { importSecret } from '../server/import-secret';
import type { Conditions } from './conditions';
import { makeOnlyIf, textOnlyIf } from './optional';
import type { Parameters } from './parameters';

/** Returns the logs user of the template: a new one, unless the parameters name an existing access key. */
export function logsUserOf(
  stack: Stack,
  { AccessKeySecretArn, AccessKeySecretKeyArn }: Parameters,
  { makesLogsUser, hasAccessKeySecretKey }: Conditions,
  props: { readonly encryptionKey: kms.IKey } & FunctionProps,
): { logsUser: ICloudWatchLogsUser; own: CloudWatchLogsUser } {
  const own = new CloudWatchLogsUser(stack, 'OwnLogsUser', props);
  makeOnlyIf(makesLogsUser, own);
  const arn = Fn.conditionIf(
    makesLogsUser.logicalId,
    own.accessKeySecret.secretArn,
    AccessKeySecretArn.valueAsString,
  ).toString();
  const keyArn = textOnlyIf(hasAccessKeySecretKey, AccessKeySecretKeyArn.valueAsString);
  const secret = importSecret(stack, 'AccessKeySecret', arn, keyArn);
  return {
    logsUser: CloudWatchLogsUser.fromCloudWatchLogsUserAttributes(stack, 'LogsUser', {
      accessKeySecret: secret,
    }),
    own,
  };
}
