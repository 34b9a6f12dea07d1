import { Template } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, PostgresServer } from '../../../lib';
import { CREATE_ACTIONS } from '../../../lib/cli/plan/deployer-actions';
import { AwsFailure } from '../../../lib/handler/provisioner/aws/failure';
import { auroraCluster, newStack } from '../../support/stacks';
import { findingsOf, PlanEnvironment, runPlan } from '../support/plan-environment';

test.each([
  [
    { Engine: 'postgres' },
    'server',
    'prevents: The cluster shop is a Multi-AZ DB cluster of RDS for PostgreSQL, which is not supported. Next: Use an Aurora PostgreSQL cluster or an instance of RDS for PostgreSQL (a Multi-AZ instance will do); or give its writer endpoint to PostgresServer.endpoint, which sets up the role but no lineage.',
  ],
  [
    { Status: 'stopped' },
    'server',
    'prevents: The cluster shop is stopped: it accepts no changes until somebody intervenes. Next: Start it.',
  ],
  [
    { Status: 'backing-up' },
    'server',
    'warning: The cluster shop is backing-up: a deployment waits up to 50 minutes for it.',
  ],
  [
    { EngineVersion: '14.2' },
    'log_export',
    'prevents: Aurora PostgreSQL 14.2 does not export its log to CloudWatch, so Datafold derives no lineage. Next: Upgrade the cluster, at least to 14.3.',
  ],
])('a cluster with %j: %s', async (more, topic, expected) => {
  const environment = new PlanEnvironment();
  environment.addCluster('default.aurora-postgresql16', more);
  expect(await findingsOf(environment, topic, '--cluster', 'shop')).toContainEqual(expected);
});

test.each([
  [
    [],
    2,
    'Name a server by --cluster or --instance.\ncdk-datafold-postgres plan --help shows the options.\n',
  ],
  [
    ['--cluster', 'shop', '--price-per-gb', 'cheap'],
    2,
    '--price-per-gb must be a number of USD such as 0.5, got: cheap.\ncdk-datafold-postgres plan --help shows the options.\n',
  ],
  [
    ['--cluster', 'shop', '--sql-result', '/no/such'],
    2,
    "--sql-result /no/such can't be read: ENOENT.\ncdk-datafold-postgres plan --help shows the options.\n",
  ],
  [
    ['--cluster', 'nil'],
    1,
    'There is no PostgreSQL cluster nil in us-east-1. npx cdk-datafold-postgres init lists the servers of a region.\n',
  ],
  [
    ['--instance', 'shop-1'],
    1,
    'shop-1 is an instance of the cluster shop, which has the parameter group and the log: use --cluster shop.\n',
  ],
])('%j ends with a reason and its exit status', async (args, status, error) => {
  const environment = new PlanEnvironment();
  environment.addCluster('default.aurora-postgresql16');
  expect(await runPlan(environment, ...args)).toEqual({ status, out: '', error });
});

test('a permission that is missing for the plan itself is said, and the rest of the plan is made', async () => {
  const environment = new PlanEnvironment();
  environment.addCluster('default.aurora-postgresql16');
  environment.simulationError = new AwsFailure(
    'iam:SimulatePrincipalPolicy',
    'role engineer',
    'AccessDenied',
  );
  environment.logFiles = async () => {
    throw new AwsFailure('rds:DescribeDBLogFiles', 'instance shop-1', 'AccessDenied');
  };
  expect(await findingsOf(environment, 'rights', '--cluster', 'shop')).toEqual([
    'warning: Not known: iam:SimulatePrincipalPolicy on role engineer is denied. Next: Allow sts:GetCallerIdentity, iam:GetRole and iam:SimulatePrincipalPolicy for your AWS credentials, then run plan again.',
  ]);
  expect(await findingsOf(environment, 'volume', '--cluster', 'shop')).toEqual([
    'warning: Not known: rds:DescribeDBLogFiles on instance shop-1 is denied. Next: Allow rds:DescribeDBLogFiles for your AWS credentials, then run plan again.',
  ]);
});

test('in a region that is not bootstrapped the rights of the user are simulated', async () => {
  const environment = new PlanEnvironment();
  environment.addCluster('default.aurora-postgresql16');
  environment.roles = [];
  expect(await findingsOf(environment, 'rights', '--cluster', 'shop')).toEqual([
    'warning: The account has no role cdk-hnb659fds-deploy-role-111122223333-us-east-1: the region is not bootstrapped for the CDK, or with another qualifier. Next: Run cdk bootstrap aws://111122223333/us-east-1 before cdk deploy. The CloudFormation template needs no bootstrapping.',
    'ready: role engineer may do all 20 actions by which the resources are created.',
  ]);
  expect(environment.simulated).toEqual(['arn:aws:iam::111122223333:role/path/engineer on *']);
});

test('the actions that are simulated are those of every type of resource that a stack has', () => {
  const stack = newStack();
  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
  });
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
  // Made by the test: the server that exists.
  const others =
    /^AWS::(RDS|EC2::(VPC|Subnet|RouteTable|SubnetRouteTableAssociation)|SecretsManager::SecretTargetAttachment)/;
  const types = new Set(Object.values(Resources).map(({ Type }) => Type.replace(/^Custom::.*/, 'Custom')));
  expect([...types].filter((type) => !others.test(type) && !(type in CREATE_ACTIONS))).toEqual([]);
});
