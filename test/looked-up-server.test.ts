import {
  App,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  aws_ssm as ssm,
  Stack,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { DatabaseAccess, DatafoldPostgres, PostgresServer } from '../lib';
import { isolatedVpc, newStack } from './support/stacks';

const env = { account: '111122223333', region: 'eu-west-1' };
const databases = [{ databaseName: 'app' }];
const missing = (kind: 'cluster' | 'instance') =>
  `\`securityGroups\` is missing: the ${kind} shop was imported without security groups, so no rule could let the function in. Give it: PostgresServer.${kind === 'cluster' ? 'auroraCluster' : 'rdsInstance'}(${kind}, { securityGroups })`;

/** A look-up of the CDK; older ones have none. */
type LookUp = { fromLookup?: (scope: Stack, id: string, options: object) => never };

const SERVERS = {
  cluster(stack: Stack) {
    const cluster = (rds.DatabaseCluster as LookUp).fromLookup!(stack, 'Shop', { clusterIdentifier: 'shop' });
    return PostgresServer.auroraCluster(cluster, options(stack));
  },
  instance(stack: Stack) {
    const instance = (rds.DatabaseInstance as LookUp).fromLookup!(stack, 'Shop', {
      instanceIdentifier: 'shop',
    });
    return PostgresServer.rdsInstance(instance, options(stack));
  },
};

const options = (stack: Stack) => ({
  vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0' }),
  adminSecret: secretsmanager.Secret.fromSecretNameV2(stack, 'Admin', 'admin'),
});

function appWith(
  kind: 'cluster' | 'instance',
  context: Record<string, unknown> = {},
): { app: App; stack: Stack } {
  const app = new App({ context });
  const stack = new Stack(app, 'Test', { env });
  new DatafoldPostgres(stack, 'Datafold', { server: SERVERS[kind](stack), databases });
  return { app, stack };
}

const errorsOf = (stack: Stack) =>
  Annotations.fromStack(stack)
    .findError('*', Match.anyValue())
    .map(({ id, entry }) => `${id} ${String(entry.data)}`);

/** What the CLI finds: the CDK asks Cloud Control in other words for each. */
const FOUND = {
  cluster: { 'Endpoint.Address': 'shop.example.com', VpcSecurityGroupIds: ['sg-0123456789abcdef0'] },
  instance: { 'Endpoint.Address': 'shop.example.com', VPCSecurityGroups: ['sg-0123456789abcdef0'] },
};

const hasLookUps = 'fromLookup' in rds.DatabaseCluster && 'fromLookup' in rds.DatabaseInstance;

(hasLookUps ? describe : describe.skip).each(['cluster', 'instance'] as const)(
  'a look-up of the CDK: %s',
  (kind) => {
    test('the first pass, which knows no security groups yet, gets to where the CLI looks them up', () => {
      const { app, stack } = appWith(kind);
      const looked = app.synth().manifest.missing?.map(({ provider }) => provider);
      expect(looked).toEqual(['cc-api-provider', 'vpc-provider']);
      expect(errorsOf(stack)).toEqual([]);
    });

    test('a unit test without context passes, with the flag too that makes errors of annotations fail it', () => {
      const { stack } = appWith(kind, { '@aws-cdk/core:annotationsInValidationReport': true });
      Template.fromStack(stack).resourceCountIs('Custom::DatafoldDatabaseAccess', 1);
    });

    test('the second one, which knows them, opens the way', () => {
      const { key } = appWith(kind).app.synth().manifest.missing![0]!;
      const { stack } = appWith(kind, { [key]: [{ ...FOUND[kind], 'Endpoint.Port': '5432' }] });
      expect(errorsOf(stack)).toEqual([]);
      Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        GroupId: 'sg-0123456789abcdef0',
      });
    });
  },
);

describe('a value that the CDK looks up', () => {
  const valueOf = (stack: Stack, name: string) => ssm.StringParameter.valueFromLookup(stack, name);
  const accessIn = (context: Record<string, unknown>) => {
    const stack = new Stack(new App({ context }), 'Test', { env });
    const server = PostgresServer.endpoint({
      host: valueOf(stack, '/shop/host'),
      port: Number(valueOf(stack, '/shop/port')),
      caCertificate: valueOf(stack, '/shop/ca'),
      adminSecret: secretsmanager.Secret.fromSecretNameV2(stack, 'Admin', 'admin'),
    });
    new DatabaseAccess(stack, 'Access', {
      server,
      databases: [{ databaseName: valueOf(stack, `/shop/${'long/'.repeat(20)}database`) }],
    });
    return stack;
  };

  test('is not checked before it is known, so that the CLI gets to look it up', () => {
    const missing = (accessIn({}).node.root as App).synth().manifest.missing;
    expect(missing?.map(({ props }) => (props as { parameterName: string }).parameterName)).toEqual([
      '/shop/host',
      '/shop/port',
      '/shop/ca',
      expect.stringMatching(/database$/),
    ]);
  });

  test('is checked when it is known', () => {
    const keys = (accessIn({}).node.root as App).synth().manifest.missing!.map(({ key }) => key);
    const values = ['db/one', 'none', 'a file', 'n'.repeat(64)];
    const context = Object.fromEntries(keys.map((key, i) => [key, values[i]]));
    expect(() => accessIn(context)).toThrow(
      "Test/Access can't be set up:\n" +
        '  - `host` must be a host name or an IP address, got: db/one\n' +
        '  - `port` must be a port number between 1 and 65535, got: NaN\n' +
        '  - `caCertificate` must be the certificates themselves, in PEM form (-----BEGIN CERTIFICATE-----), got: a file\n' +
        `  - \`databases[0].databaseName\` must be at most 63 bytes long (PostgreSQL would cut it off), got 64 bytes: ${values[3]}`,
    );
  });
});

describe('a server without security groups', () => {
  const cluster = (stack: Stack) =>
    rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Shop', { clusterIdentifier: 'shop' });

  test('is an error of the app, which the CLI tells after its look-ups', () => {
    const stack = newStack();
    const adminSecret = new secretsmanager.Secret(stack, 'Admin');
    const server = PostgresServer.auroraCluster(cluster(stack), { vpc: isolatedVpc(stack), adminSecret });
    new DatabaseAccess(stack, 'Access', { server, databases });
    expect(errorsOf(stack)).toEqual([`/Test/Access ${missing('cluster')}`]);
  });

  test('is told along with what else is wrong', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(cluster(stack), { vpc: isolatedVpc(stack) });
    expect(() => new DatabaseAccess(stack, 'Access', { server, databases })).toThrow(
      "Test/Access can't be set up:\n" +
        '  - `adminSecret` is missing: the cluster shop knows no secret of its administrator. Give it: PostgresServer.auroraCluster(cluster, { adminSecret })\n' +
        `  - ${missing('cluster')}`,
    );
  });
});
