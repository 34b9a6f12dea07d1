import { Token, type aws_ec2 as ec2, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The data-source types of Datafold's API. */
export type DataSourceType = 'postgres_aurora' | 'postgres_aws_rds' | 'pg';

/** All that the constructs know of a server; `problems` says what is missing. */
export interface ServerSpec {
  readonly type: DataSourceType;
  /** What it is to RDS, which knows no endpoint. */
  readonly kind?: 'cluster' | 'instance';
  /** The cluster or instance; none for an endpoint. */
  readonly resource?: IConstruct;
  /** The identifier of the cluster or instance, else the host. */
  readonly identifier: string;
  /** Absent where the provisioner looks it up at deployment. */
  readonly host?: string;
  readonly port: number;
  /** By which Datafold reaches it, where that is another address. */
  readonly datafoldHost?: string;
  readonly datafoldPort?: number;
  /** In which roles are managed. */
  readonly maintenanceDatabase: string;
  /** How often Datafold shows that its connections are in use, where the network path forgets those that are not. */
  readonly keepAliveSeconds?: number;
  readonly tls: 'verify-full' | 'disable';
  readonly caCertificate?: string;
  readonly adminSecret?: secretsmanager.ISecret;
  readonly network: ServerNetwork;
  /** Where RDS exports the statement log to. */
  readonly logGroupName?: string;
  readonly problems: readonly string[];
  /** Among them: nobody knows how to log in as the administrator, which matters only to who does. */
  readonly adminProblem?: string;
  /**
   * Among them: what the first pass of a look-up of the CDK does not know. It is an error of the app, not a throw, or the CLI
   * would never look anything up.
   */
  readonly lookUpProblem?: string;
  /** Those that matter for its log, which nobody logs in for. */
  readonly logProblems: readonly string[];
}

/** Where the function that runs the SQL lives, and the doors it goes through. */
export interface ServerNetwork {
  /** Without one the function runs outside any VPC. */
  readonly vpc?: ec2.IVpc;
  readonly subnets?: ec2.SubnetSelection;
  readonly serverSecurityGroups: readonly ec2.ISecurityGroup[];
  readonly functionSecurityGroups?: readonly ec2.ISecurityGroup[];
}

/** By what a user knows a server: `cluster shop`, or `cluster Stack/Path` where its name is not known. */
export function serverName({
  kind,
  identifier,
  resource,
}: Pick<ServerSpec, 'kind' | 'identifier' | 'resource'>): string {
  return `${kind ?? 'server'} ${resource && Token.isUnresolved(identifier) ? resource.node.path : identifier}`;
}

/** What is wrong with a server that nobody logs in to as the administrator. */
export function problemsWithoutAdmin({ problems, adminProblem }: ServerSpec): string[] {
  return problems.filter((problem) => problem !== adminProblem);
}
