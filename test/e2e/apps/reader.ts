/** The reader alone, for servers of other stacks and regions; the context names its secret. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CloudWatchLogsReader } from '../../../lib';
import { placed } from './parts/placed';

const app = new App();
const stack = new Stack(app, 'Reader', placed(app, 'Reader'));
const secretName = app.node.tryGetContext('secretName') as string | undefined;
const reader = new CloudWatchLogsReader(stack, 'LogsReader', { secretName });
new CfnOutput(stack, 'UserName', { value: reader.user.userName });
new CfnOutput(stack, 'Secret', { value: reader.accessKeySecret.secretArn });
