import { App, aws_ec2 as ec2, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatabaseAccess, type EndpointOptions, PostgresServer } from '../lib';
import { auroraCluster, isolatedVpc, newStack } from './support/stacks';

const RULES = ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'];

/** Clusters in one network with one security group, one for each port. */
function clustersWith(ports: (number | undefined)[], stack = newStack()): Stack {
  const vpc = isolatedVpc(stack);
  const securityGroups = [new ec2.SecurityGroup(stack, 'Shared', { vpc })];
  ports.forEach((port, i) => {
    const cluster = auroraCluster(stack, { vpc, securityGroups, port }, `Cluster${i}`);
    const server = PostgresServer.auroraCluster(cluster);
    new DatabaseAccess(stack, `Access${i}`, { server, databases: [{ databaseName: 'app' }] });
  });
  return stack;
}

function access(stack: Stack, id: string, options: Omit<EndpointOptions, 'adminSecret'>): void {
  const adminSecret = new secretsmanager.Secret(stack, `${id}Admin`);
  const server = PostgresServer.endpoint({ vpc: options.vpc ?? isolatedVpc(stack), adminSecret, ...options });
  new DatabaseAccess(stack, id, { server, databases: [{ databaseName: 'app' }] });
}

const rulesIn = (template: Template) => RULES.flatMap((type) => Object.keys(template.findResources(type)));

/** Servers that exist, in one network with one security group, one for each port. */
function existingWith(ports: (number | undefined)[]): Template {
  const stack = newStack();
  const vpc = isolatedVpc(stack);
  const securityGroups = [new ec2.SecurityGroup(stack, 'Shared', { vpc })];
  ports.forEach((port, i) => {
    const adminSecret = secretsmanager.Secret.fromSecretNameV2(stack, `Admin${i}`, `admin-${i}`);
    const server = PostgresServer.endpoint({
      host: `db${i}.example`,
      port,
      vpc,
      securityGroups,
      adminSecret,
    });
    new DatabaseAccess(stack, `Access${i}`, { server, databases: [{ databaseName: 'app' }] });
  });
  return Template.fromStack(stack);
}

test.each([
  ['neither has a port of its own', [undefined, undefined]],
  ['one names the port that the other has by default', [undefined, 5432]],
  ['both name the same', [5433, 5433]],
])('servers that exist behind one security group share its rules where %s', (_, ports) => {
  const template = existingWith(ports);
  for (const type of RULES) template.resourceCountIs(type, 1);
});

test('they have rules of their own where their ports differ', () => {
  const template = existingWith([undefined, 5433]);
  for (const type of RULES) template.resourceCountIs(type, 2);
});

test('servers of the app behind one security group have a rule each, from the function of each', () => {
  const template = Template.fromStack(clustersWith([undefined, undefined]));
  for (const type of RULES) template.resourceCountIs(type, 2);
  const sources = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map((rule) =>
    JSON.stringify(rule.Properties.SourceSecurityGroupId),
  );
  expect(new Set(sources).size).toBe(2);
});

test('the rules are called the same whatever else is in the app', () => {
  const rulesNextTo = (others: number) => {
    const app = new App();
    for (let i = 0; i < others; i++) clustersWith([undefined], new Stack(app, `Other${i}`));
    const stack = new Stack(app, 'Test');
    const host = new ec2.CfnEIP(stack, 'Ip').attrPublicIp;
    access(stack, 'Access', { host, securityGroups: [] });
    return rulesIn(Template.fromStack(stack));
  };
  expect(rulesNextTo(0)).toHaveLength(1);
  expect(rulesNextTo(2)).toEqual(rulesNextTo(0));
});

test('the function trusts the authorities of RDS', () => {
  Template.fromStack(clustersWith([undefined])).hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: Match.anyValue(),
    Environment: { Variables: { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' } },
  });
});

test('the Lambda service may make and delete network interfaces as it checks when the function is made, the code of the function may not', () => {
  const template = Template.fromStack(clustersWith([undefined]));
  const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.includes('NetworkInterfaces'),
  );
  const statements = policy[1].Properties.PolicyDocument.Statement as Record<string, unknown>[];
  expect(statements).toEqual([
    expect.objectContaining({ Effect: 'Allow', Action: 'ec2:CreateNetworkInterface' }),
    {
      Effect: 'Allow',
      Action: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      Resource: '*',
    },
    {
      Effect: 'Deny',
      Action: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DetachNetworkInterface',
        'ec2:UnassignPrivateIpAddresses',
      ],
      Resource: '*',
      Condition: {
        ArnLike: {
          'lambda:SourceFunctionArn': {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':lambda:',
                { Ref: 'AWS::Region' },
                ':',
                { Ref: 'AWS::AccountId' },
                ':function:*',
              ],
            ],
          },
        },
      },
    },
  ]);
});

test('a security group is told from its namesake in another stack', () => {
  const app = new App();
  const groups = ['One', 'Two'].map((name) => {
    const stack = new Stack(app, name);
    return new ec2.SecurityGroup(stack, 'Group', { vpc: isolatedVpc(stack) });
  });
  const stack = new Stack(app, 'Test');
  const vpc = isolatedVpc(stack);
  groups.forEach((group, i) =>
    access(stack, `Access${i}`, { host: `db${i}.example.com`, vpc, securityGroups: [group] }),
  );
  for (const type of RULES) Template.fromStack(stack).resourceCountIs(type, 2);
});
