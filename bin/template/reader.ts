import { type aws_kms as kms, Fn, type Stack } from 'aws-cdk-lib';
import { CloudWatchLogsReader, type HandlerOptions, type ICloudWatchLogsReader } from '../../lib';
import { importSecret } from '../server/import-secret';
import type { Conditions } from './conditions';
import { makeOnlyIf, resourceOf, textOnlyIf } from './optional';
import type { Parameters } from './parameters';

const GROUP_NAME = 'CloudWatchLogsReadOnly';

/** A reader of its own, unless the parameters name the access key of another; its group may be of another stack. */
export function reader(
  stack: Stack,
  { AccessKeySecretArn, AccessKeySecretKeyArn, ExistingGroupName }: Parameters,
  { makesReader, makesGroup, hasExistingGroup, hasAccessKeySecretKey }: Conditions,
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
  const keyArn = textOnlyIf(hasAccessKeySecretKey, AccessKeySecretKeyArn.valueAsString);
  const secret = importSecret(stack, 'AccessKeySecret', arn, keyArn);
  return { logsReader: CloudWatchLogsReader.fromAccessKeySecret(stack, 'LogsReader', secret), own };
}
