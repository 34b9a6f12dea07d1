import {
  App,
  aws_ec2 as ec2,
  aws_events as events,
  aws_kms as kms,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  aws_sns as sns,
  Stack,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import {
  CloudWatchLogsUser,
  DatafoldPostgres,
  type DatafoldPostgresProps,
  LogRetention,
  PostgresServer,
  type RdsServerOptions,
  RebootPolicy,
  SharedParameterGroup,
  StatementLog,
  type StatementLoggingOptions,
} from '../lib';

/** IAM's limits: for the inline policies of a role together, for a managed policy, and for the number of those. */
const MAX_INLINE = 10_240;
const MAX_MANAGED = 6_144;
const MAX_ATTACHED = 10;
const env = { account: '111122223333', region: 'eu-west-1' };
const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'];
const MASKED = [{ name: 'EmailAddress' }] as NonNullable<StatementLoggingOptions['maskedData']>;

interface Wanted {
  readonly servers: number;
  readonly databases?: number;
  readonly subnets?: number;
  /** Every other one is an instance. */
  readonly mixed?: boolean;
  /** Everything that takes rights. */
  readonly allOptions?: boolean;
}

/** A stack for servers that exist, which take the most rights. */
function stackFor({ servers, databases = 1, subnets = 2, mixed, allOptions = false }: Wanted): Stack {
  const stack = new Stack(new App({ context: { '@aws-cdk/aws-iam:minimizePolicies': true } }), 'Datafold', {
    env,
  });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'].slice(0, subnets),
    isolatedSubnetIds: SUBNETS.slice(0, subnets),
  });
  const encryptionKey = allOptions ? kms.Key.fromKeyArn(stack, 'Key', keyArn(0)) : undefined;
  const noticeTopic = allOptions ? new sns.Topic(stack, 'Topic') : undefined;
  const rotateAccessKey = allOptions ? { noticeTopic } : undefined;
  const logsUser = new CloudWatchLogsUser(stack, 'Reader', { encryptionKey, rotateAccessKey });
  const apiKeySecret = secretsmanager.Secret.fromSecretNameV2(stack, 'ApiKey', 'datafold/api-key');
  const names = Array.from({ length: databases }, (_, i) => ({ databaseName: `app${i}` }));
  const options: Partial<DatafoldPostgresProps> = allOptions
    ? {
        ...{
          encryptionKey,
          verification: { proveLineage: true },
          registration: { apiKeySecret },
          rotatePassword: { noticeTopic },
          reconcile: { repair: true },
        },
        statementLog: StatementLog.managed({
          excludedRoles: ['etl'],
          rebootPolicy: RebootPolicy.IF_PENDING,
          logRetention: LogRetention.atLeast(30),
          logEncryptionKey: kms.Key.fromKeyArn(stack, 'LogKey', keyArn(1)),
          maskedData: MASKED,
          sharedParameterGroup: SharedParameterGroup.COPY,
        }),
      }
    : {};
  for (let i = 0; i < servers; i++) {
    const name = `orders-${i}`;
    const server = existing(stack, mixed && i % 2 === 1 ? 'instance' : 'cluster', name, {
      vpc,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, `Group${i}`, `sg-0123456789abcdef${i}`)],
      adminSecret: secretsmanager.Secret.fromSecretAttributes(stack, `Admin${i}`, {
        secretCompleteArn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-${i}-admin-AbCdEf`,
        ...(allOptions && { encryptionKey: kms.Key.fromKeyArn(stack, `AdminKey${i}`, keyArn(10 + i)) }),
      }),
    });
    new DatafoldPostgres(stack, `Orders${i}`, { server, logsUser, databases: names, ...options });
  }
  return stack;
}

function existing(
  stack: Stack,
  kind: 'cluster' | 'instance',
  name: string,
  options: RdsServerOptions,
): PostgresServer {
  if (kind === 'cluster')
    return PostgresServer.auroraCluster(
      rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, name, { clusterIdentifier: name }),
      options,
    );
  const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, name, {
    instanceIdentifier: name,
    instanceEndpointAddress: `${name}.abcdefghijkl.eu-west-1.rds.amazonaws.com`,
    port: 5432,
    securityGroups: [],
  });
  return PostgresServer.rdsInstance(instance, options);
}

const keyArn = (i: number) =>
  `arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-${String(i).padStart(12, '0')}`;
const synth = (stack: Stack) => (stack.node.root as App).synth();
const warnings = (stack: Stack) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('policySize'))
    .map(({ entry }) => String(entry.data));

interface Part {
  readonly Type: string;
  readonly Properties: { readonly Roles?: unknown; readonly PolicyDocument?: unknown };
}

/** The policies of the provisioner's role as they will be, by logical id; IAM counts no blanks. */
function policiesOf(stack: Stack, type: 'Policy' | 'ManagedPolicy' = 'Policy'): Record<string, string> {
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
      'AWS::SNS::Topic': arn('sns', named),
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
      Type === `AWS::IAM::${type}` &&
      JSON.stringify(Properties.Roles ?? '').includes('DatafoldProvisionerRole'),
  );
  return Object.fromEntries(
    ours.map(([id, { Properties }]) => [id, JSON.stringify(deployed(Properties.PolicyDocument))]),
  );
}

const charactersOf = (policies: Record<string, string>) => Object.values(policies).join('').length;

/** That IAM takes the policies of the provisioner's role. */
function assertFits(stack: Stack): void {
  expect(charactersOf(policiesOf(stack))).toBeLessThanOrEqual(MAX_INLINE);
  const managed = Object.values(policiesOf(stack, 'ManagedPolicy'));
  expect(managed.length).toBeLessThanOrEqual(MAX_ATTACHED);
  for (const policy of managed) expect(policy.length).toBeLessThanOrEqual(MAX_MANAGED);
}

test('five existing servers with three databases each and all options fit into one stack', () => {
  const stack = stackFor({ servers: 5, databases: 3, allOptions: true });
  synth(stack);
  assertFits(stack);
});

test('so do five of which two are instances', () => {
  const stack = stackFor({ servers: 5, databases: 3, allOptions: true, mixed: true });
  synth(stack);
  assertFits(stack);
});

test('a hundred databases on one server fit into one stack', () => {
  const stack = stackFor({ servers: 1, databases: 100 });
  synth(stack);
  expect(warnings(stack)).toEqual([]);
  assertFits(stack);
});

test('databases need no right that a move of the function doubles', () => {
  const [one, many] = [1, 100].map((databases) => policiesOf(stackFor({ servers: 1, databases })));
  expect(charactersOf(many)).toBe(charactersOf(one));
});

describe('three existing servers with one database each', () => {
  test('fit into one stack', () => {
    const stack = stackFor({ servers: 3 });
    synth(stack);
    expect(warnings(stack)).toEqual([]);
    assertFits(stack);
  });

  test('fit even while the function moves to other subnets', () => {
    const [before, after] = [2, 3].map((subnets) => policiesOf(stackFor({ servers: 3, subnets })));
    const meanwhile = { ...before, ...after };
    expect(Object.keys(meanwhile)).toHaveLength(Object.keys(before).length + 3);
    expect(charactersOf(meanwhile)).toBeLessThan(MAX_INLINE);
  });
});

test('more servers than fit during a move bring a warning that says how to move them', () => {
  const stack = stackFor({ servers: 6 });
  synth(stack);
  expect(warnings(stack)).toEqual([
    expect.stringMatching(
      /^The policies of the provisioner's role fit, but not while an update moves its servers to other subnets: it then has at least 1\d,\d{3} characters for a while, IAM takes 10,240\. Change `vpcSubnets` of one server at a time, or set up some of the servers or databases in another stack \[ack: cdk-datafold-postgres:policySize\]$/,
    ),
  ]);
  assertFits(stack);
});

test('more rights than IAM takes for one role are an error at synth, not in mid-deployment', () => {
  expect(() => synth(stackFor({ servers: 12 }))).toThrow(
    /\[Datafold\/DatafoldProvisioner\] The policies of the provisioner's role have at least 1\d,\d{3} characters, IAM takes 10,240: set up some of the servers or databases in another stack/,
  );
});

test('what synth takes is what IAM takes', () => {
  for (let servers = 6; ; servers++) {
    const stack = stackFor({ servers });
    try {
      synth(stack);
    } catch (error) {
      expect((error as Error).message).toContain('characters, IAM takes 10,240');
      expect(servers).toBeGreaterThan(6);
      return;
    }
    assertFits(stack);
  }
});

test('more callers than Lambda takes for one function are an error at synth, not in mid-deployment', () => {
  const stack = stackFor({ servers: 1 });
  const { provisioner } = (stack.node.findChild('Orders0') as DatafoldPostgres).access._resource;
  for (let i = 0; i < 60; i++)
    provisioner.allowInvocation(new Construct(stack, `Rule${i}`), {
      principal: 'events.amazonaws.com',
      sourceArn: new events.CfnRule(stack, `R${i}`, { scheduleExpression: 'rate(1 day)' }).attrArn,
    });
  expect(() => synth(stack)).toThrow(
    /\[Datafold\/DatafoldProvisioner\] The policy of the provisioner's function has at least 2\d,\d{3} characters for 60 rules and rotations that invoke it, Lambda takes 20,480: set up some of the servers or databases in another stack/,
  );
});
