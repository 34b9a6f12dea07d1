import { App, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsReader, DatafoldPostgres, type ICloudWatchLogsReader, PostgresServer } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

const databases = [{ databaseName: 'app' }];

function datafold(stack: Stack, logsReader: ICloudWatchLogsReader): void {
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases, logsReader });
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
  datafold(stack, new CloudWatchLogsReader(stack, 'Reader'));
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
    datafold(stack, new CloudWatchLogsReader(stack, 'Reader'));
    const { text, keyId } = sourceIn(stack);
    expect(JSON.parse(text)).toHaveProperty('accessKeyId', { 'Fn::GetAtt': [keyId, 'AccessKeyId'] });
  });

  test('does so under whatever name the user is given', () => {
    const stack = newStack();
    const reader = new CloudWatchLogsReader(stack, 'Reader');
    datafold(stack, reader);
    (reader.user.node.defaultChild as iam.CfnUser).userName = 'corp-datafold';
    const { text, keyId } = sourceIn(stack);
    expect(JSON.parse(text)).toHaveProperty('accessKeyId', { 'Fn::GetAtt': [keyId, 'AccessKeyId'] });
  });

  test('is not looked at in another stack, so that a reader there exports what it always did', () => {
    const app = new App();
    const readers = new Stack(app, 'Readers');
    const reader = new CloudWatchLogsReader(readers, 'Reader');
    const stack = new Stack(app, 'Shop');
    datafold(stack, reader);
    expect(sourceIn(stack).text).not.toContain('accessKeyId');
    expect(Object.keys(Template.fromStack(readers).findOutputs('*'))).toEqual([
      expect.stringMatching(/^ExportsOutputRefReaderAccessKeySecret/),
    ]);
  });

  test('is not known of a secret', () => {
    const stack = newStack();
    const { accessKeySecret } = new CloudWatchLogsReader(stack, 'Reader');
    datafold(stack, CloudWatchLogsReader.fromAccessKeySecret(stack, 'Import', accessKeySecret));
    expect(sourceIn(stack).text).not.toContain('accessKeyId');
  });
});
