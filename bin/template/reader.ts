import { type aws_kms as kms, Fn, type Stack } from 'aws-cdk-lib';
import { CloudWatchLogsReader, type HandlerOptions, type ICloudWatchLogsReader } from '../../lib';
import { importSecret } from '../server/import-secret';
import type { Conditions } from './conditions';
import { makeOnlyIf, textOnlyIf } from './optional';
import type { Parameters } from './parameters';

/** A reader of its own, unless the parameters name the access key of another. */
export function reader(
  stack: Stack,
  { AccessKeySecretArn, AccessKeySecretKeyArn }: Parameters,
  { makesReader, hasAccessKeySecretKey }: Conditions,
  props: { readonly encryptionKey: kms.IKey } & HandlerOptions,
): { logsReader: ICloudWatchLogsReader; own: CloudWatchLogsReader } {
  const own = new CloudWatchLogsReader(stack, 'OwnLogsReader', props);
  makeOnlyIf(makesReader, own);
  const arn = Fn.conditionIf(
    makesReader.logicalId,
    own.accessKeySecret.secretArn,
    AccessKeySecretArn.valueAsString,
  ).toString();
  const keyArn = textOnlyIf(hasAccessKeySecretKey, AccessKeySecretKeyArn.valueAsString);
  const secret = importSecret(stack, 'AccessKeySecret', arn, keyArn);
  return { logsReader: CloudWatchLogsReader.fromAccessKeySecret(stack, 'LogsReader', secret), own };
}
