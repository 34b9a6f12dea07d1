import { App, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, DatafoldPostgres, type ICloudWatchLogsUser, PostgresServer } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

const databases = [{ databaseName: 'app' }];

function datafold(stack: Stack, logsUser: ICloudWatchLogsUser): void {
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases, logsUser });
}

/** The properties of the data source, with the resources that they refer to. */
function sourceIn(stack: Stack): { text: string; keyId?: string } {
  const template = Template.fromStack(stack);
  const [source] = Object.values(template.findResources('Custom::DatafoldDataSource'));
  const [keyId] = Object.keys(template.findResources('Custom::DatafoldAccessKey'));
  return { text: JSON.stringify(source.Properties), keyId };
}

test('is written after the role is there, and the key with its rights', () => {
  const stack = newStack();
  datafold(stack, new CloudWatchLogsUser(stack, 'Reader'));
  const template = Template.fromStack(stack);
  const [{ DependsOn }] = Object.values(template.findResources('Custom::DatafoldDataSource'));
  const needed = [
    'Custom::DatafoldDatabaseAccess',
    'Custom::DatafoldAccessKey',
    'Custom::DatafoldLogsUserGroup',
  ];
  for (const type of needed) expect(DependsOn).toContain(Object.keys(template.findResources(type))[0]);
});

describe('another key in the same secret', () => {
  test('reaches the data source: its properties name the key', () => {
    const stack = newStack();
    datafold(stack, new CloudWatchLogsUser(stack, 'Reader'));
    const { text, keyId } = sourceIn(stack);
    expect(JSON.parse(text)).toHaveProperty('accessKeyId', { 'Fn::GetAtt': [keyId, 'AccessKeyId'] });
  });

  test('does so under whatever name the user is given', () => {
    const stack = newStack();
    const logsUser = new CloudWatchLogsUser(stack, 'Reader');
    datafold(stack, logsUser);
    (logsUser.user.node.defaultChild as iam.CfnUser).userName = 'corp-datafold';
    const { text, keyId } = sourceIn(stack);
    expect(JSON.parse(text)).toHaveProperty('accessKeyId', { 'Fn::GetAtt': [keyId, 'AccessKeyId'] });
  });

  test('is not looked at in another stack, so that a logs user there exports what it always did', () => {
    const app = new App();
    const logsUsers = new Stack(app, 'Readers');
    const logsUser = new CloudWatchLogsUser(logsUsers, 'Reader');
    const stack = new Stack(app, 'Shop');
    datafold(stack, logsUser);
    expect(sourceIn(stack).text).not.toContain('accessKeyId');
    expect(Object.keys(Template.fromStack(logsUsers).findOutputs('*'))).toEqual([
      expect.stringMatching(/^ExportsOutputRefReaderAccessKeySecret/),
    ]);
  });

  test('is not known of a secret', () => {
    const stack = newStack();
    const { accessKeySecret } = new CloudWatchLogsUser(stack, 'Reader');
    datafold(stack, CloudWatchLogsUser.fromAccessKeySecret(stack, 'Import', accessKeySecret));
    expect(sourceIn(stack).text).not.toContain('accessKeyId');
  });
});
