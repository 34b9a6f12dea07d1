import { Annotations, aws_ec2 as ec2, aws_lambda as lambda, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { logGroupAndRole } from './log-group-and-role';
import { identityOf, shortHash } from '../identity';
import { allowNetworkInterfaces } from './network-interfaces';
import { NODE_RUNTIME, functionSettings, type FunctionSettings } from './function-settings';
import { environmentProblems, pinsFor, referencesIn, type ServerWork } from './pins';
import { selectSubnets } from './runner-subnets';
import type { ServerNetwork, ServerSpec } from '../server/server-spec';
import { SERVERS_VARIABLE } from '../wire/pins';
import { allowConnection } from './connection-rules';

/**
 * The function that connects to PostgreSQL: one per stack and network, and a separate one for each server that the app defines.
 *
 * The sql-runner calls no AWS API, so isolated subnets without a NAT gateway or interface endpoints are sufficient. Its security group
 * allows egress to the servers only.
 */
export class SqlRunner extends Construct {
  /** Returns the sql-runner of the server's network, with security group rules for the server. */
  public static for(scope: Construct, server: ServerSpec, options: FunctionProps): SqlRunner {
    const stack = Stack.of(scope);
    const id = `DatafoldSqlRunner${runnerKey(stack, server)}`;
    const settings = functionSettings(scope, options);
    const runner =
      (stack.node.tryFindChild(id) as SqlRunner | undefined) ??
      new SqlRunner(stack, id, server.network, settings);
    if (server.lookUpProblem) Annotations.of(scope).addError(server.lookUpProblem);
    if (runner.securityGroup) allowConnection(runner, runner.securityGroup, server);
    return runner;
  }

  public readonly function: lambda.Function;
  public readonly connections: ec2.Connections;
  private readonly securityGroup?: ec2.SecurityGroup;
  private readonly works: ServerWork[] = [];

  private constructor(scope: Construct, id: string, network: ServerNetwork, settings: FunctionSettings) {
    super(scope, id);
    const { logGroup, role } = logGroupAndRole(this, settings);
    const { vpc } = network;
    if (vpc && !network.functionSecurityGroups) this.securityGroup = this.makeSecurityGroup(vpc);
    const securityGroups = [
      ...(network.functionSecurityGroups ?? []),
      ...(this.securityGroup ? [this.securityGroup] : []),
    ];
    const subnets = selectSubnets(network);
    const environment = {
      // Since Node.js 20 the runtime trusts the certificate authorities of RDS only with this setting.
      NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
      [SERVERS_VARIABLE]: Lazy.string({
        produce: () => Stack.of(this).toJsonString([...new Set(this.works.flatMap(pinsFor))]),
      }),
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
      environment,
      ...(vpc && {
        vpc,
        vpcSubnets: subnets,
        allowPublicSubnet: true, // needs no internet access
        securityGroups,
      }),
    });
    this.connections = vpc ? this.function.connections : new ec2.Connections();
    if (vpc) {
      const { subnetIds } = vpc.selectSubnets(subnets);
      this.function.node.addDependency(allowNetworkInterfaces(this, role, vpc, subnetIds, securityGroups));
    }
  }

  /** Pins the server, the administrator and the role: the function connects to pinned servers only. */
  public pin(work: ServerWork): void {
    this.works.push(work);
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
 * Returns the key of the sql-runner for a server: servers share a sql-runner only if their networks are identical.
 *
 * The environment of a sql-runner contains its servers, so it depends on servers that are referenced there. Those may in turn depend
 * on the work of another server's sql-runner. Therefore a server that is referenced by a token has a separate sql-runner.
 */
function runnerKey(scope: Construct, server: ServerSpec): string {
  const { vpc, functionSecurityGroups = [] } = server.network;
  const references = referencesIn(server).map((value) => identityOf(scope, value));
  if (!vpc) return references.length > 0 ? shortHash(references) : '';
  const selected = vpc.selectSubnets(selectSubnets(server.network)).subnets.map((subnet) => subnet.node.addr);
  const groups = functionSecurityGroups.map((group) => group.node.addr);
  return shortHash([identityOf(scope, vpc.vpcId), ...selected, ...groups, ...references]);
}
