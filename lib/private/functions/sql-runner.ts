import {
  Annotations,
  aws_ec2 as ec2,
  aws_lambda as lambda,
  aws_logs as logs,
  Duration,
  Lazy,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { functionRole } from './function-role';
import { identityOf, shortHash } from '../identity';
import { allowNetworkInterfaces } from './network-interfaces';
import { NODE_RUNTIME } from './node-runtime';
import { environmentProblems, pinsFor, referencesIn, type ServerWork } from './pins';
import { functionSettings, type FunctionSettings } from './function-settings';
import { selectSubnets } from './runner-subnets';
import type { ServerNetwork, ServerSpec } from '../server/server-spec';
import { SERVERS_VARIABLE } from '../wire/pins';
import { openWay } from './way-to-server';

/**
 * The function that talks to PostgreSQL, one per stack and network; a server of the app has one of its own.
 *
 * It calls no AWS API, so isolated subnets without NAT gateway and endpoints will do; its security group leads to the servers
 * and nowhere else.
 */
export class SqlRunner extends Construct {
  /** The runner of the server's network, with the way to the server open. */
  public static for(scope: Construct, server: ServerSpec, options: FunctionProps): SqlRunner {
    const stack = Stack.of(scope);
    const id = `DatafoldSqlRunner${runnerKey(stack, server)}`;
    const settings = functionSettings(scope, options);
    const runner =
      (stack.node.tryFindChild(id) as SqlRunner | undefined) ??
      new SqlRunner(stack, id, server.network, settings);
    if (server.lookUpProblem) Annotations.of(scope).addError(server.lookUpProblem);
    if (runner.securityGroup) openWay(runner, runner.securityGroup, server);
    return runner;
  }

  public readonly function: lambda.Function;
  public readonly connections: ec2.Connections;
  private readonly securityGroup?: ec2.SecurityGroup;
  private readonly pins = new Set<string>();

  private constructor(scope: Construct, id: string, network: ServerNetwork, settings: FunctionSettings) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: settings.logRetention,
      encryptionKey: settings.logEncryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = functionRole(this, logGroup, settings);
    const { vpc } = network;
    if (vpc && !network.functionSecurityGroups) this.securityGroup = this.makeSecurityGroup(vpc);
    const securityGroups = [
      ...(network.functionSecurityGroups ?? []),
      ...(this.securityGroup ? [this.securityGroup] : []),
    ];
    const subnets = selectSubnets(network);
    const environment = {
      NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
      [SERVERS_VARIABLE]: Lazy.string({ produce: () => Stack.of(this).toJsonString([...this.pins]) }),
    };
    this.node.addValidation({
      validate: () => environmentProblems(this, environment, 'The servers of one network'),
    });
    this.function = new lambda.Function(this, 'Function', {
      description: "Sets up Datafold's access to PostgreSQL: runs the SQL, calls no AWS API",
      runtime: NODE_RUNTIME,
      handler: 'index.handler',
      code: settings.code._of('sql-runner'),
      role,
      logGroup,
      memorySize: settings.sqlRunnerMemorySize,
      timeout: Duration.minutes(10),
      // Since Node.js 20 the runtime trusts the authorities of RDS only when told to.
      environment,
      ...(vpc && {
        vpc,
        vpcSubnets: subnets,
        allowPublicSubnet: true, // needs no way to the internet
        securityGroups,
      }),
    });
    this.connections = vpc ? this.function.connections : new ec2.Connections();
    if (vpc) {
      const { subnetIds } = vpc.selectSubnets(subnets);
      this.function.node.addDependency(allowNetworkInterfaces(this, role, vpc, subnetIds, securityGroups));
    }
  }

  /** Lets the function do this work, and nothing that it was not deployed for. */
  public pin(work: ServerWork): void {
    pinsFor(work).forEach((pin) => this.pins.add(pin));
  }

  private makeSecurityGroup(vpc: ec2.IVpc): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The function that sets up the PostgreSQL role of Datafold',
      allowAllOutbound: false,
    });
  }
}

/**
 * Two networks share a runner only if they are the same in every respect. An import of another VPC is another network.
 *
 * The environment of a runner names its servers. A reference there lets it wait for them, and servers may wait for what
 * another server's runner does: so whatever refers to a resource has a runner of its own.
 */
function runnerKey(scope: Construct, server: ServerSpec): string {
  const { vpc, functionSecurityGroups = [] } = server.network;
  const references = referencesIn(server).map((value) => identityOf(scope, value));
  if (!vpc) return references.length > 0 ? shortHash(references) : '';
  const selected = vpc.selectSubnets(selectSubnets(server.network)).subnets.map((subnet) => subnet.node.addr);
  const groups = functionSecurityGroups.map((group) => group.node.addr);
  return shortHash([identityOf(scope, vpc.vpcId), ...selected, ...groups, ...references]);
}
