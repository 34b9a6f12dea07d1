import {
  type aws_ec2 as ec2,
  aws_secretsmanager as secretsmanager,
  Duration,
  RemovalPolicy,
  type Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  DatabaseAccess,
  type DatabaseAccessProps,
  type DatabaseGrants,
  FailurePolicy,
  PostgresServer,
} from '../lib';
import { auroraCluster, isolatedVpc, newStack } from './support/stacks';

const databases = [{ databaseName: 'app' }];

function accessIn(stack: Stack, props: Partial<DatabaseAccessProps> = {}, id = 'Access') {
  const server = props.server ?? PostgresServer.auroraCluster(auroraCluster(stack, {}, `${id}Db`));
  return new DatabaseAccess(stack, id, { server, databases, ...props });
}

const wire = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('Custom::DatafoldDatabaseAccess')).map(
    (r) => r.Properties,
  );

const errorOf = (props: Partial<DatabaseAccessProps>) => {
  try {
    accessIn(newStack(), props);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

test('asks for the role, the schema and the grants of the guide by default', () => {
  const stack = newStack();
  accessIn(stack);
  expect(wire(stack)[0]).toMatchObject({
    roleName: 'datafold',
    tempSchema: 'datafold_tmp',
    databases: [{ databaseName: 'app' }],
    maintenanceDatabase: 'postgres',
    futureTables: 'true',
    adoptExisting: 'false',
    onUnreadable: 'fail',
    removalPolicy: 'destroy',
    server: { tls: 'verify-full' },
  });
});

test('shares the role of another stack by the secret of its password, and makes none of its own', () => {
  const stack = newStack();
  const arn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:role-AbCdEf';
  const passwordSecret = secretsmanager.Secret.fromSecretCompleteArn(stack, 'Shared', arn);
  const access = accessIn(stack, { adoptExisting: true, passwordSecret });
  expect(access.passwordSecret).toBe(passwordSecret);
  expect(wire(stack)[0]).toMatchObject({
    adoptExisting: 'true',
    passwordIsGiven: 'true',
    passwordSecretArn: arn,
  });
  const template = Template.fromStack(stack);
  expect(JSON.stringify(template.findResources('AWS::IAM::ManagedPolicy'))).toContain(arn);
});

test('does not replace a password that is given', () => {
  const passwordSecret = secretsmanager.Secret.fromSecretNameV2(newStack(), 'Shared', 'shared');
  expect(errorOf({ passwordSecret, rotatePassword: {} })).toContain(
    '`rotatePassword` can not be combined with `passwordSecret`: set it where the secret is made',
  );
});

test('asks for what the props say', () => {
  const stack = newStack();
  accessIn(stack, {
    databases: [
      { databaseName: 'app', schemas: ['sales'] },
      { databaseName: 'dwh', excludeSchemas: ['raw'], excludeTables: ['public.users', '*.log_*'] },
    ],
    limits: { connectionLimit: 5, statementTimeout: Duration.minutes(2) },
    roleName: 'lineage',
    tempSchema: 'scratch',
    futureTables: false,
    adoptExisting: true,
    verification: { onUnreadable: FailurePolicy.WARN, onIncompleteRead: FailurePolicy.FAIL },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  expect(wire(stack)[0]).toMatchObject({
    roleName: 'lineage',
    tempSchema: 'scratch',
    databases: [
      { databaseName: 'app', schemas: ['sales'] },
      { databaseName: 'dwh', excludeSchemas: ['raw'], excludeTables: ['public.users', '*.log_*'] },
    ],
    connectionLimit: '5',
    statementTimeout: '120000',
    futureTables: 'false',
    adoptExisting: 'true',
    onUnreadable: 'warn',
    onIncompleteRead: 'fail',
    removalPolicy: 'retain',
  });
});

test.each([
  [
    { limits: { connectionLimit: 0 } },
    '`limits.connectionLimit` must be a whole number from 1 to 2147483647, got: 0',
  ],
  [
    { limits: { connectionLimit: 1.5 } },
    '`limits.connectionLimit` must be a whole number from 1 to 2147483647, got: 1.5',
  ],
  [
    { limits: { statementTimeout: Duration.days(30) } },
    '`limits.statementTimeout` must be from 1 millisecond to 2147483647 milliseconds (24 days), got: Duration.days(30)',
  ],
  [
    { databases: [{ databaseName: 'app', excludeTables: ['users'] }] },
    '`databases[0].excludeTables` must be schema.table, with * for any characters and double quotes around names that have a dot, got: users',
  ],
])('refuses limits and patterns that PostgreSQL would not take: %j', (props, problem) => {
  expect(errorOf({ databases: [{ databaseName: 'app' }], ...props })).toContain(problem);
});

test('lists everything that is wrong in one error', () => {
  const long = 'ä'.repeat(32);
  const bad: DatabaseGrants[] = [
    { databaseName: 'app', schemas: ['sales', 'pg_catalog'], excludeSchemas: ['sales'] },
    { databaseName: 'app' },
    { databaseName: '' },
    { databaseName: 'rdsadmin', schemas: [] },
    { databaseName: 'dwh', schemas: ['datafold_tmp'] },
  ];
  expect(errorOf({ databases: bad, roleName: long, tempSchema: 'datafold_tmp' })).toBe(
    [
      "Test/Access can't be set up:",
      `  - \`roleName\` must be at most 63 bytes long (PostgreSQL would cut it off), got 64 bytes: ${long}`,
      '  - `databases` must name each database once, got twice: app',
      '  - `databases[0].schemas` must not name a schema of PostgreSQL itself (pg_*, information_schema), got: pg_catalog',
      '  - `databases[0]` has a schema both in `schemas` and in `excludeSchemas`: sales',
      '  - `databases[2].databaseName` must not be empty',
      '  - `databases[3].databaseName` must be a database that the admin may connect to, got: rdsadmin',
      '  - `databases[3].schemas` must name at least one schema (leave it out for all), got: []',
      '  - `databases[4].schemas` must not name the schema for temporary tables, got: datafold_tmp',
    ].join('\n'),
  );
});

test.each([
  [{ databases: [] }, '`databases` must name at least one database, got: []'],
  [
    { roleName: 'pg_datafold' },
    '`roleName` must not start with pg_, PostgreSQL keeps that prefix for itself, got: pg_datafold',
  ],
  [
    { roleName: 'rdsadmin' },
    '`roleName` must not be one of public, none, rdsadmin, rds_superuser, rds_replication, rds_iam, rds_password, got: rdsadmin',
  ],
  [{ roleName: '' }, '`roleName` must not be empty'],
  [
    {
      databases: [
        { databaseName: 'a', dataSourceName: 'Shop' },
        { databaseName: 'b', dataSourceName: 'Shop' },
      ],
    },
    '`databases` must give each data source a name of its own, got twice: Shop',
  ],
  [
    { tempSchema: 'pg_tmp' },
    '`tempSchema` must not name a schema of PostgreSQL itself (pg_*, information_schema), got: pg_tmp',
  ],
  [{ removalPolicy: RemovalPolicy.SNAPSHOT }, '`removalPolicy` must be DESTROY or RETAIN, got: snapshot'],
])('refuses %j', (props, message) => {
  expect(errorOf(props)).toBe(`Test/Access can't be set up:\n  - ${message}`);
});

test('takes names of exactly 63 bytes, and any characters', () => {
  const stack = newStack();
  accessIn(stack, {
    roleName: 'r'.repeat(63),
    databases: [{ databaseName: 'my "db"', schemas: ["o'brien; --"] }],
  });
  expect(wire(stack)[0]).toMatchObject({
    databases: [{ databaseName: 'my "db"', schemas: ["o'brien; --"] }],
  });
});

test('servers that exist share the functions of their network; a server of the app has one of its own', () => {
  const runnersFor = (server: (stack: Stack, id: string, vpc: ec2.IVpc) => PostgresServer, vpcs: 1 | 2) => {
    const stack = newStack();
    const networks = [isolatedVpc(stack, 'Vpc1'), ...(vpcs === 2 ? [isolatedVpc(stack, 'Vpc2')] : [])];
    accessIn(stack, { server: server(stack, 'A', networks[0]) }, 'AccessA');
    accessIn(stack, { server: server(stack, 'B', networks[vpcs - 1]) }, 'AccessB');
    const runners = wire(stack).map((properties) => JSON.stringify(properties.sqlRunner));
    const { size } = new Set(runners);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1 + size);
    return size;
  };
  const ofTheApp = (stack: Stack, id: string, vpc: ec2.IVpc) =>
    PostgresServer.auroraCluster(auroraCluster(stack, { vpc }, id));
  const existing = (stack: Stack, id: string, vpc: ec2.IVpc) =>
    PostgresServer.endpoint({
      host: `${id}.example`,
      adminSecret: secretsmanager.Secret.fromSecretNameV2(stack, `Admin${id}`, `admin-${id}`),
      ...{ vpc, securityGroups: [] },
    });
  expect([runnersFor(existing, 1), runnersFor(existing, 2)]).toEqual([1, 2]);
  expect([runnersFor(ofTheApp, 1), runnersFor(ofTheApp, 2)]).toEqual([2, 2]);
});

test('two constructs on one server open the way to it once', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  accessIn(stack, { server, roleName: 'one' }, 'AccessA');
  accessIn(stack, { server, roleName: 'two' }, 'AccessB');
  Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
});

test('logs in only when cluster, instances, secret and both rules are there', () => {
  const stack = newStack();
  accessIn(stack);
  Template.fromStack(stack).hasResource('Custom::DatafoldDatabaseAccess', {
    DependsOn: Match.arrayWith([
      Match.stringLikeRegexp('^AccessDb[0-9A-F]{8}$'),
      Match.stringLikeRegexp('^AccessDbSecretAttachment'),
      Match.stringLikeRegexp('^AccessDbwriter'),
      Match.stringLikeRegexp('^DatafoldServer'),
      Match.stringLikeRegexp('^DatafoldSqlRunner\\w+Egress'),
      Match.stringLikeRegexp('^DatafoldSqlRunner\\w+Ingress'),
    ]),
  });
});

test('the function in the VPC is made when its role may make network interfaces, and goes before it may not', () => {
  const stack = newStack();
  accessIn(stack);
  Template.fromStack(stack).hasResource('AWS::Lambda::Function', {
    Properties: { VpcConfig: Match.anyValue() },
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('^DatafoldSqlRunner\\w+NetworkInterfaces')]),
  });
});

test('generates a password that needs no quoting anywhere, as the whole value of its secret', () => {
  const stack = newStack();
  accessIn(stack);
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: { PasswordLength: 40, ExcludePunctuation: true },
  });
});
