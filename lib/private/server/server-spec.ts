import {
  Token,
  type aws_ec2 as ec2,
  type aws_secretsmanager as secretsmanager,
  type IResource,
  Stack,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The data-source types of Datafold's API. */
export type DataSourceType = 'postgres_aurora' | 'postgres_aws_rds' | 'pg';

/** All that the constructs know about a server; `problems` lists what is missing. */
export interface ServerSpec {
  readonly type: DataSourceType;
  /** The kind of RDS resource; absent for an endpoint. */
  readonly kind?: 'cluster' | 'instance';
  /** The construct of the cluster or instance; absent for an endpoint. */
  readonly resource?: IConstruct;
  /** The identifier of the cluster or instance, or the host of an endpoint. */
  readonly identifier: string;
  /** The host; absent if the provisioner looks it up at deployment. */
  readonly host?: string;
  readonly port: number;
  /** The host that Datafold connects to, if it differs from `host`. */
  readonly datafoldHost?: string;
  readonly datafoldPort?: number;
  /** The database in which roles are managed. */
  readonly maintenanceDatabase: string;
  /** The keepalive interval of Datafold's connections, if the network path drops idle connections. */
  readonly keepAliveSeconds?: number;
  readonly tls: 'verify-full' | 'disable';
  readonly caCertificate?: string;
  readonly adminSecret?: secretsmanager.ISecret;
  readonly network: ServerNetwork;
  /** The log group that RDS exports the statement log to. */
  readonly logGroupName?: string;
  readonly problems: readonly string[];
  /** The one of `problems` about a missing administrator's secret, which matters only if the administrator logs in. */
  readonly adminProblem?: string;
  /**
   * The one of `problems` about a value that a context lookup of the CDK has yet to provide.
   *
   * Reported as an annotation, not thrown: otherwise the CLI could not perform the lookup.
   */
  readonly lookUpProblem?: string;
  /** Those of `problems` that matter for the statement log, which requires no login. */
  readonly logProblems: readonly string[];
}

/** The network of the function that runs the SQL, and the security groups of the function and the server. */
export interface ServerNetwork {
  /** The VPC; without one, the function runs outside any VPC. */
  readonly vpc?: ec2.IVpc;
  readonly subnets?: ec2.SubnetSelection;
  readonly serverSecurityGroups: readonly ec2.ISecurityGroup[];
  readonly functionSecurityGroups?: readonly ec2.ISecurityGroup[];
}

/** Returns the name of a server for messages: `cluster shop`, or `cluster Stack/Path` if the identifier is not known. */
export function serverName({
  kind,
  identifier,
  resource,
}: Pick<ServerSpec, 'kind' | 'identifier' | 'resource'>): string {
  return `${kind ?? 'server'} ${resource && Token.isUnresolved(identifier) ? resource.node.path : identifier}`;
}

/** Returns the problems with a server that no administrator logs in to. */
export function problemsWithoutAdmin({ problems, adminProblem }: ServerSpec): string[] {
  return problems.filter((problem) => problem !== adminProblem);
}

/** Returns a problem if the server is in another account or region than the construct, which calls AWS in its own ones only. */
export function placeProblems(scope: IConstruct, server: ServerSpec): string[] {
  const { env } = (server.resource ?? {}) as Partial<IResource>;
  if (!env) return [];
  const stack = Stack.of(scope);
  return (['account', 'region'] as const)
    .filter((part) => !Token.isUnresolved(env[part]) && !Token.isUnresolved(stack[part]))
    .filter((part) => env[part] !== stack[part])
    .map(
      (part) =>
        `\`server\` must be in the ${part} of the stack ${stack.node.path}, ${stack[part]}, got: the ${serverName(server)} in ${env[part]}. Put this construct into a stack of ${env[part]}`,
    );
}
