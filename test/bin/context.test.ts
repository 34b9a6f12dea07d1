import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { fleetFile } from '../../bin/context/fleet-file';
import { readContext } from '../../bin/context/read-context';
import { serverStack } from '../../bin/context/server-stack';
import { ADMIN, EXAMPLE, GOOD, messageOf, stackOf } from './support/context';

test('sets up a cluster by its identifiers alone', () => {
  const template = Template.fromStack(stackOf(GOOD));
  template.hasResourceProperties('Custom::DatafoldDatabaseAccess', {
    server: { lookup: { kind: 'cluster', identifier: 'orders' }, port: '5432' },
    adminSecretArn: ADMIN,
    databases: [
      { databaseName: 'app', schemas: ['public', 'sales'] },
      { databaseName: 'dwh', schemas: ['public', 'sales'] },
    ],
  });
  template.hasResourceProperties('Custom::DatafoldStatementLogging', {
    kind: 'cluster',
    identifier: 'orders',
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: { SubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'] },
  });
  template.resourceCountIs('Custom::DatafoldDataSource', 2);
});

test('takes the limits of the role and the tables that it may not read', () => {
  const limits = {
    connectionLimit: '5',
    statementTimeoutSeconds: '90',
    excludeTables: 'public.users,*.log_*',
  };
  const excludeTables = ['public.users', '*.log_*'];
  Template.fromStack(stackOf({ ...GOOD, ...limits })).hasResourceProperties(
    'Custom::DatafoldDatabaseAccess',
    {
      connectionLimit: '5',
      statementTimeout: '90000',
      databases: [
        { databaseName: 'app', schemas: ['public', 'sales'], excludeTables },
        { databaseName: 'dwh', schemas: ['public', 'sales'], excludeTables },
      ],
    },
  );
  expect(messageOf({ ...GOOD, connectionLimit: '0' })).toContain('connectionLimit');
});

test('sets up an instance by its identifiers alone', () => {
  const { cluster: _, ...rest } = GOOD;
  const template = Template.fromStack(stackOf({ ...rest, instance: 'orders' }));
  template.hasResourceProperties('Custom::DatafoldDatabaseAccess', {
    server: { lookup: { kind: 'instance', identifier: 'orders' } },
  });
});

test('names the stack after the server, so that it stays the same', () => {
  expect(stackOf(GOOD).stackName).toBe('datafold-cluster-orders');
  expect(stackOf({ ...GOOD, stack: 'mine' }).stackName).toBe('datafold-mine');
});

test('outputs where the data sources and the log are, and whether lineage waits for something', () => {
  const { Outputs } = Template.fromStack(stackOf(GOOD)).toJSON() as {
    Outputs: Record<string, { Value: object }>;
  };
  expect(Object.fromEntries(Object.entries(Outputs).map(([id, { Value }]) => [id, Value]))).toEqual({
    DataSource1: { Ref: expect.stringMatching(/^DatafoldDataSourcesappSecret/) as string },
    DataSource2: { Ref: expect.stringMatching(/^DatafoldDataSourcesdwhSecret/) as string },
    LogGroup: '/aws/rds/cluster/orders/postgresql',
    Lineage: {
      'Fn::GetAtt': [expect.stringMatching(/^DatafoldAccess/) as string, 'LineageDownloadStep'],
    },
  });
});

test('looks nothing up', () => {
  const { settings, target } = readContext(GOOD);
  const app = new App();
  serverStack(app, settings, target);
  expect(app.synth().manifest.missing).toBeUndefined();
});

test('reads numbers, booleans and lists from the command line', () => {
  const { settings } = readContext({
    ...GOOD,
    port: '5433',
    futureTables: 'false',
    databases: ' app , dwh ,',
    logRetention: '30',
  });
  expect(settings).toMatchObject({
    port: 5433,
    futureTables: false,
    databases: ['app', 'dwh'],
    logRetention: 30,
  });
});

test('uses an access key that exists', () => {
  const key = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:logs-key-AbCdEf';
  const withKey = Template.fromStack(stackOf({ ...GOOD, accessKeySecret: key }));
  withKey.resourceCountIs('AWS::IAM::User', 0);
  withKey.allResourcesProperties('Custom::DatafoldDataSource', { accessKeySecretArn: key });
});

test.each(['adminSecretKey', 'accessKeySecretKey'])(
  'a secret can be decrypted by its own key, `%s`',
  (name) => {
    const key = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';
    const accessKeySecret = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:logs-key-AbCdEf';
    const template = Template.fromStack(stackOf({ ...GOOD, accessKeySecret, [name]: key }));
    const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      Object.values(
        template.findResources(type) as Record<string, { Properties: { PolicyDocument: unknown } }>,
      ),
    );
    expect(policies.map(({ Properties }) => Properties.PolicyDocument)).toContainEqual(
      expect.objectContaining({
        Statement: expect.arrayContaining([
          expect.objectContaining({ Action: 'kms:Decrypt', Resource: key }),
        ]) as unknown,
      }),
    );
  },
);

test('the key of a secret is nothing without the secret', () => {
  const accessKeySecretKey = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';
  expect(messageOf({ ...GOOD, accessKeySecretKey })).toBe(`The server can't be set up from the context:
  - \`accessKeySecretKey\` has no effect without \`accessKeySecret\`
${EXAMPLE}`);
});

test('says what is missing, all at once, with an example', () => {
  expect(messageOf({})).toBe(`The server can't be set up from the context:
  - \`cluster\` or \`instance\` is missing: the identifier of an Aurora cluster, or of an RDS instance
  - \`databases\` is missing: the databases that Datafold may read
  - \`vpc\` is missing: the VPC of the server
  - \`subnets\` is missing: subnets of that VPC with a route to the server
  - \`adminSecret\` is missing: the ARN of the secret with the administrator's login
  - \`securityGroup\` is missing: a security group of the server, which lets the function in
${EXAMPLE}`);
});

test('says what is wrong, all at once', () => {
  const wrong = {
    ...GOOD,
    instance: 'orders',
    databases: '',
    subnets: 'subnet-0123456789abcdef0,sub',
    securityGroup: 'default',
    adminSecret: ADMIN.slice(0, -7),
    port: '99999',
    futureTables: 'maybe',
    onUnreadable: 'ignore',
    account: '1',
    region: 'Ireland',
  };
  expect(messageOf(wrong)).toBe(`The server can't be set up from the context:
  - \`databases\` must not be empty
  - item 2 of \`subnets\` must look like subnet-0123456789abcdef0, got: "sub"
  - \`securityGroup\` must look like sg-0123456789abcdef0, got: "default"
  - \`adminSecret\` must look like ${ADMIN}, got: "${ADMIN.slice(0, -7)}"
  - \`port\` must be a number from 1 to 65535, got: 99999
  - \`futureTables\` must be true or false, got: "maybe"
  - \`onUnreadable\` must be one of fail, warn, got: "ignore"
  - \`region\` must look like eu-west-1, got: "Ireland"
  - \`account\` must look like 111111111111, got: "1"
  - \`cluster\` and \`instance\` exclude each other, got: orders and orders
${EXAMPLE}`);
});

test.each([
  ['clustr', 'cluster'],
  ['database', 'databases'],
  ['Subnets', 'subnets'],
  ['prot', 'port'],
  ['flete', 'fleet'],
])('asks whether %s was meant to be %s', (key, meant) => {
  expect(messageOf({ ...GOOD, [key]: 'x' })).toBe(`The server can't be set up from the context:
  - unknown key \`${key}\`: did you mean \`${meant}\`?
${EXAMPLE}`);
});

test.each(['fleet.json', 'of/another/name.json'])('takes the fleet from the file %s', (fleet) => {
  expect(fleetFile({ fleet })).toBe(fleet);
});

test('without a fleet file there is one server', () => {
  expect(fleetFile(GOOD)).toBeUndefined();
});

test('a fleet takes no server from the context', () => {
  const context = { fleet: 'fleet.json', cluster: 'orders', region: 'eu-west-1', team: 'data' };
  expect(() => fleetFile(context)).toThrow(
    new Error(`The fleet can't be set up from the context:
  - \`cluster\` has no effect beside \`fleet\`: leave it out, or say it in fleet.json
  - \`region\` has no effect beside \`fleet\`: leave it out, or say it in fleet.json`),
  );
});

test('leaves the context of others alone', () => {
  const others = { '@aws-cdk/aws-iam:minimizePolicies': true, 'vpc-provider:account=1': {}, team: 'data' };
  expect(messageOf({ ...GOOD, ...others })).toBe('no error');
});
