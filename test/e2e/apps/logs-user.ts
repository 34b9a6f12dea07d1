/** The logs user alone, for servers of other stacks and regions; the context names its secret. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CloudWatchLogsUser } from '../../../lib';
import { placed } from './parts/placed';

const app = new App();
const stack = new Stack(app, 'LogsUser', placed(app, 'LogsUser'));
const secretName = app.node.tryGetContext('secretName') as string | undefined;
const logsUser = new CloudWatchLogsUser(stack, 'LogsUser', { secretName });
new CfnOutput(stack, 'UserName', { value: logsUser.user.userName });
new CfnOutput(stack, 'Secret', { value: logsUser.accessKeySecret.secretArn });
