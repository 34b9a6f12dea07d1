import { type aws_kms as kms, aws_secretsmanager as secretsmanager, Fn, type Stack } from 'aws-cdk-lib';
import { CloudWatchLogsReader, type HandlerOptions, type ICloudWatchLogsReader } from '../../lib';
import type { Conditions } from './conditions';
import { makeOnlyIf, resourceOf } from './optional';
import type { Parameters } from './parameters';

const GROUP_NAME = 'CloudWatchLogsReadOnly';

/** A reader of its own, unless the parameters name the access key of another; its group may be of another stack. */
export function reader(
  stack: Stack,
  { AccessKeySecretArn, ExistingGroupName }: Parameters,
  { makesReader, makesGroup, hasExistingGroup }: Conditions,
  props: { readonly encryptionKey: kms.IKey } & HandlerOptions,
): { logsReader: ICloudWatchLogsReader; own: CloudWatchLogsReader } {
  const own = new CloudWatchLogsReader(stack, 'OwnLogsReader', { ...props, groupName: GROUP_NAME });
  makeOnlyIf(makesReader, own);
  makeOnlyIf(makesGroup, own.group);
  const named = Fn.conditionIf(hasExistingGroup.logicalId, ExistingGroupName.valueAsString, GROUP_NAME);
  resourceOf(own.user, 'AWS::IAM::User').addPropertyOverride('Groups', [
    Fn.conditionIf(makesGroup.logicalId, own.group.groupName, named),
  ]);
  const arn = Fn.conditionIf(
    makesReader.logicalId,
    own.accessKeySecret.secretArn,
    AccessKeySecretArn.valueAsString,
  ).toString();
  const secret = secretsmanager.Secret.fromSecretCompleteArn(stack, 'AccessKeySecret', arn);
  return { logsReader: CloudWatchLogsReader.fromAccessKeySecret(stack, 'LogsReader', secret), own };
}
