import {
  App,
  aws_ec2 as ec2,
  aws_lambda as lambda,
  aws_secretsmanager as secretsmanager,
  CfnOutput,
  CfnResource,
  DefaultStackSynthesizer,
  Stack,
} from 'aws-cdk-lib';
import { join } from 'node:path';
import {
  CloudWatchLogsUser,
  DatafoldPostgres,
  HandlerCode,
  LogRetention,
  RebootPolicy,
  StatementLog,
} from '../../lib';
import { cluster } from '../e2e/apps/parts/cluster';
import { importedServer, importedVpc } from '../e2e/apps/parts/imported-server';
import { isolatedVpc } from '../e2e/apps/parts/isolated-vpc';
import type { Fault, Variant } from './variant';

export const SERVERS = ['First', 'Second'] as const;

/** Two clusters of somebody in one VPC, each with a second secret that holds the same login. */
export function serversTemplate(): string {
  const stack = newStack('Servers');
  const vpc = isolatedVpc(stack);
  const way = new ec2.SecurityGroup(stack, 'Way', { vpc });
  const output = (name: string, value: string) =>
    new CfnOutput(stack, `Out${name}`, { value }).overrideLogicalId(name);
  for (const id of SERVERS) {
    const one = cluster(stack, id, vpc);
    one.connections.allowDefaultPortFrom(way);
    const login = (field: string) => one.secret!.secretValueFromJson(field);
    const spare = new secretsmanager.Secret(stack, `${id}Spare`, {
      secretObjectValue: { username: login('username'), password: login('password') },
    });
    output(`${id}Identifier`, one.clusterIdentifier);
    output(`${id}Host`, one.clusterEndpoint.hostname);
    output(`${id}Secret`, one.secret!.secretArn);
    output(`${id}Spare`, spare.secretArn);
    output(`${id}Group`, one.connections.securityGroups[0]!.securityGroupId);
  }
  output('Way', way.securityGroupId);
  output('VpcId', vpc.vpcId);
  output('SubnetIds', vpc.isolatedSubnets.map(({ subnetId }) => subnetId).join());
  output('RouteTableIds', vpc.isolatedSubnets.map(({ routeTable }) => routeTable.routeTableId).join());
  return templateOf(stack);
}

/** What the other code of the suite knows of one of the servers. */
export function serverFacts(
  known: Record<string, string>,
  id: (typeof SERVERS)[number],
  secret = 'Secret',
): Record<'ClusterIdentifier' | 'Host', string> & Record<string, string> {
  return {
    ...known,
    ClusterIdentifier: known[`${id}Identifier`]!,
    Host: known[`${id}Host`]!,
    AdminSecret: known[`${id}${secret}`]!,
    SecurityGroup: known[`${id}Group`]!,
  };
}

const DATABASES = {
  app: [{ databaseName: 'app' }],
  'app and warehouse': [{ databaseName: 'app' }, { databaseName: 'warehouse' }],
  'public of app': [{ databaseName: 'app', schemas: ['public'] }],
};
const EXCLUDED = {
  none: undefined,
  auditor: ['auditor'],
  'auditor and sales_owner': ['auditor', 'sales_owner'],
};

/** The library's stack. */
export function datafoldTemplate(
  known: Record<string, string>,
  faultFile: string,
  variant: Variant,
  fault?: Fault,
): string {
  const stack = newStack('Random');
  const facts = serverFacts(
    known,
    variant.server === 'first' ? 'First' : 'Second',
    variant.adminSecret === 'spare' ? 'Spare' : 'Secret',
  );
  const vpc = importedVpc(stack, facts);
  const given = variant.functionSecurityGroups === 'given';
  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    server: importedServer(stack, facts, library(), {
      vpc,
      vpcSubnets: variant.vpcSubnets === 'one' ? { subnets: [vpc.isolatedSubnets[0]!] } : undefined,
      functionSecurityGroups: given
        ? [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Way', facts.Way!)]
        : undefined,
    }),
    databases: DATABASES[variant.databases],
    roleName: variant.roleName,
    tempSchema: variant.tempSchema,
    futureTables: variant.futureTables,
    statementLog: StatementLog.managed({
      excludedRoles: EXCLUDED[variant.excludedRoles],
      logRetention: variant.logRetention === 'never' ? undefined : LogRetention.atLeast(30),
      rebootPolicy: RebootPolicy.IF_PENDING,
    }),
    logsUser: new CloudWatchLogsUser(stack, 'Reader', {
      secretName: variant.secretName === 'given' ? 'datafold/key' : undefined,
      functions: { code: HandlerCode.inline() },
    }),
    functions: { code: HandlerCode.inline() },
  });
  preload(stack, faultFile);
  if (fault?.kind === 'sibling') addFailing(stack, fault.when, datafold);
  return templateOf(stack);
}

/** The functions' time runs faster, and one of their calls can be refused. */
function preload(stack: Stack, faultFile: string): void {
  const clock = join(__dirname, '../e2e/support/fast-clock.cjs');
  const hook = join(__dirname, 'fault-hook.cjs');
  for (const child of stack.node.findAll())
    if (child instanceof lambda.Function)
      child
        .addEnvironment('NODE_OPTIONS', `--require ${clock} --require ${hook}`)
        .addEnvironment('DATAFOLD_FAULT', faultFile);
}

/** EC2 knows no such group. */
function addFailing(stack: Stack, when: 'last' | 'any time', datafold: DatafoldPostgres): void {
  const failing = new CfnResource(stack, 'Failing', {
    type: 'AWS::EC2::SecurityGroupIngress',
    properties: { GroupId: 'sg-00000000', IpProtocol: 'tcp', FromPort: 1, ToPort: 1, CidrIp: '10.0.0.0/8' },
  });
  if (when === 'last') failing.node.addDependency(datafold);
}

// eslint-disable-next-line @typescript-eslint/no-require-imports
const library = () => require('../../lib') as typeof import('../../lib');

/** Nothing is bootstrapped. */
function newStack(id: string): Stack {
  return new Stack(new App(), id, {
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
}

function templateOf(stack: Stack): string {
  const app = stack.node.root as App;
  return JSON.stringify(app.synth().getStackByName(stack.stackName).template);
}
