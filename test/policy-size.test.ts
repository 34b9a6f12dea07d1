import {
  App,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsReader, DatafoldPostgres, PostgresServer } from '../lib';

/** IAM's limit for the inline policies of a role. */
const LIMIT = 10_240;
const env = { account: '111122223333', region: 'eu-west-1' };
const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'];

interface Wanted {
  readonly servers: number;
  readonly databases?: number;
  readonly subnets?: number;
}

/** A stack for servers that exist, which take the most rights. */
function stackFor({ servers, databases = 1, subnets = 2 }: Wanted): Stack {
  const stack = new Stack(new App({ context: { '@aws-cdk/aws-iam:minimizePolicies': true } }), 'Datafold', {
    env,
  });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'].slice(0, subnets),
    isolatedSubnetIds: SUBNETS.slice(0, subnets),
  });
  const logsReader = new CloudWatchLogsReader(stack, 'Reader');
  const names = Array.from({ length: databases }, (_, i) => ({ databaseName: `app${i}` }));
  for (let i = 0; i < servers; i++) {
    const clusterIdentifier = `orders-${i}`;
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, `Cluster${i}`, {
      clusterIdentifier,
    });
    const arn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-${i}-admin-AbCdEf`;
    const server = PostgresServer.auroraCluster(cluster, {
      vpc,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, `Group${i}`, `sg-0123456789abcdef${i}`)],
      adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, `Admin${i}`, arn),
    });
    new DatafoldPostgres(stack, `Orders${i}`, { server, logsReader, databases: names });
  }
  return stack;
}

const synth = (stack: Stack) => (stack.node.root as App).synth();
const warnings = (stack: Stack) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('policySize'))
    .map(({ entry }) => String(entry.data));

interface Part {
  readonly Type: string;
  readonly Properties: { readonly Roles?: unknown; readonly PolicyDocument?: unknown };
}

/** The policies of the provisioner's role as they will be, by logical id. */
function policiesOf(stack: Stack): Record<string, string> {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, Part> };
  const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:111122223333:${name}`;
  const nameOf = (id: string): string => {
    const named = `Datafold-${id}`.slice(0, 51) + '-0123456789AB';
    if (id === 'AWS::Partition') return 'aws';
    if (id === 'AWS::StackId')
      return arn('cloudformation', 'stack/Datafold/00000000-0000-0000-0000-000000000000');
    const ARNS: Record<string, string> = {
      'AWS::SecretsManager::Secret': arn('secretsmanager', `secret:${id}-0123456789AB-AbCdEf`),
      'AWS::Lambda::Function': arn('lambda', `function:${named}`),
      'AWS::Logs::LogGroup': arn('logs', `log-group:Datafold-${id}-0123456789AB:*`),
      'AWS::IAM::User': `arn:aws:iam::111122223333:user/${named}`,
    };
    return ARNS[Resources[id]!.Type]!;
  };
  const deployed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(deployed);
    if (value === null || typeof value !== 'object') return value;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value as Record<string, [string, unknown]>;
    if (joined) return (deployed(joined[1]) as string[]).join('');
    if (Ref ?? attribute) return nameOf((Ref as unknown as string | undefined) ?? attribute![0]);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deployed(item)]));
  };
  const ours = Object.entries(Resources).filter(
    ([, { Type, Properties }]) =>
      Type === 'AWS::IAM::Policy' &&
      JSON.stringify(Properties.Roles ?? '').includes('DatafoldProvisionerRole'),
  );
  return Object.fromEntries(
    ours.map(([id, { Properties }]) => [id, JSON.stringify(deployed(Properties.PolicyDocument))]),
  );
}

const charactersOf = (policies: Record<string, string>) => Object.values(policies).join('').length;

describe('two existing servers with one database each', () => {
  test('fit into one stack', () => {
    const stack = stackFor({ servers: 2 });
    synth(stack);
    expect(warnings(stack)).toEqual([]);
    expect(charactersOf(policiesOf(stack))).toBeLessThan(LIMIT);
  });

  test('fit even while the function moves to other subnets', () => {
    const [before, after] = [2, 3].map((subnets) => policiesOf(stackFor({ servers: 2, subnets })));
    const meanwhile = { ...before, ...after };
    expect(Object.keys(meanwhile)).toHaveLength(Object.keys(before!).length + 2);
    expect(charactersOf(meanwhile)).toBeLessThan(LIMIT);
  });
});

test('more servers than fit during a move bring a warning that says how to move them', () => {
  const stack = stackFor({ servers: 4 });
  synth(stack);
  expect(warnings(stack)).toEqual([
    expect.stringMatching(
      /^The policies of the provisioner's role fit, but not while an update moves its servers to other subnets: it then has at least 1\d,\d{3} characters for a while, IAM takes 10,240\. Change `vpcSubnets` of one server at a time, or set up some of the servers or databases in another stack \[ack: cdk-datafold-postgres:policySize\]$/,
    ),
  ]);
  expect(charactersOf(policiesOf(stack))).toBeLessThan(LIMIT);
});

test('more rights than IAM takes for one role are an error at synth, not in mid-deployment', () => {
  expect(() => synth(stackFor({ servers: 6 }))).toThrow(
    /\[Datafold\/DatafoldProvisioner\] The policies of the provisioner's role have at least 1\d,\d{3} characters, IAM takes 10,240: set up some of the servers or databases in another stack/,
  );
});

test('what synth takes is what IAM takes', () => {
  for (let databases = 50; ; databases++) {
    const stack = stackFor({ servers: 1, databases });
    try {
      synth(stack);
    } catch (error) {
      expect((error as Error).message).toContain('characters, IAM takes 10,240');
      expect(databases).toBeGreaterThan(50);
      return;
    }
    expect(charactersOf(policiesOf(stack))).toBeLessThanOrEqual(LIMIT);
  }
});
