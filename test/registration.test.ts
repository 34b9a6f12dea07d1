import { aws_secretsmanager as secretsmanager, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, FailurePolicy, PostgresServer, type Registration } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

function datafold(stack: Stack, registration: Omit<Registration, 'apiKeySecret'> = {}): DatafoldPostgres {
  const apiKeySecret = new secretsmanager.Secret(stack, 'ApiKey');
  return new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }, { databaseName: 'shop' }],
    registration: { apiKeySecret, ...registration },
  });
}

test('registers one data source per database, after its secret is written', () => {
  const stack = newStack();
  datafold(stack);
  const template = Template.fromStack(stack);
  const registered = Object.values(template.findResources('Custom::DatafoldRegistration'));
  expect(registered).toHaveLength(2);
  for (const { Properties, DependsOn } of registered) {
    expect(Properties).toMatchObject({
      host: 'https://app.datafold.com',
      apiKeySecretArn: { Ref: expect.stringMatching(/^ApiKey/) },
      onProblem: 'fail',
      source: { type: 'postgres_aurora', user: 'datafold', tempSchema: 'datafold_tmp' },
    });
    expect(DependsOn).toContainEqual(expect.stringMatching(/DataSourcesappValue|DataSourcesshopValue/));
  }
});

test('nothing is registered without being asked for, and there is no id then', () => {
  const stack = newStack();
  const { dataSources } = new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
  });
  Template.fromStack(stack).resourceCountIs('Custom::DatafoldRegistration', 0);
  expect([dataSources[0].dataSourceId, dataSources[0].registrationNotice]).toEqual([undefined, undefined]);
});

test('id and notice are attributes of the registration', () => {
  const stack = newStack();
  const { dataSources } = datafold(stack, {
    onProblem: FailurePolicy.WARN,
    host: 'https://eu.datafold.com',
  });
  const attribute = (name: string) => ({ 'Fn::GetAtt': [expect.stringMatching(/appRegistration/), name] });
  expect(stack.resolve(dataSources[0].dataSourceId)).toEqual(attribute('DataSourceId'));
  expect(stack.resolve(dataSources[0].registrationNotice)).toEqual(attribute('Notice'));
  Template.fromStack(stack).hasResourceProperties('Custom::DatafoldRegistration', {
    onProblem: 'warn',
    host: 'https://eu.datafold.com',
  });
});

test('the provisioner may read the API key, and only read it', () => {
  const stack = newStack();
  datafold(stack);
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  const statements = policies.flatMap(
    ({ Properties }) =>
      Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
  );
  const forKey = statements.filter(({ Resource }) => /"Ref":"ApiKey/.test(JSON.stringify(Resource)));
  expect(forKey.map(({ Action }) => Action)).toEqual(['secretsmanager:GetSecretValue']);
});

test.each(['app.datafold.com', 'http://app.datafold.com', 'https://app.datafold.com/api', 'ftp://x'])(
  'the API key is sent to the root of an https URL only, not to %s',
  (host) => {
    expect(() => datafold(newStack(), { host })).toThrow(
      `  - \`registration.host\` must be a URL such as https://app.datafold.com, without a path, got: ${host}`,
    );
  },
);
