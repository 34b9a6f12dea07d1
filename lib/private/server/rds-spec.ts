import {
  Token,
  type aws_ec2 as ec2,
  type aws_rds as rds,
  type aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { RdsServerOptions } from '../../postgres-server-options';
import { certificateProblems, doorProblems, hostProblems, portProblems } from './endpoint-rules';
import { subnetProblems } from '../functions/runner-subnets';
import { type DataSourceType, serverName, type ServerSpec } from './server-spec';

/** What a cluster and an instance have in common, read from either. */
export interface RdsResource {
  readonly factory: 'auroraCluster' | 'rdsInstance';
  readonly type: DataSourceType;
  readonly kind: 'cluster' | 'instance';
  readonly construct: IConstruct;
  readonly identifier: string;
  readonly engineType?: string;
  readonly engineTypes: readonly string[];
  readonly host?: string;
  readonly port?: number;
  readonly vpc?: ec2.IVpc;
  readonly securityGroups: readonly ec2.ISecurityGroup[];
  readonly secret?: secretsmanager.ISecret;
}

/** Merges what the resource knows with what the user gave. */
export function rdsSpec(resource: RdsResource, options: RdsServerOptions): ServerSpec {
  const { kind } = resource;
  const host = options.host ?? resource.host;
  const port = options.port ?? resource.port ?? 5432;
  const adminSecret = options.adminSecret ?? resource.secret;
  const vpc = options.vpc ?? resource.vpc;
  const serverSecurityGroups = options.securityGroups ?? resource.securityGroups;
  const identifier = lowerCase(resource.identifier);
  const name = serverName({ kind, identifier, resource: resource.construct });
  const missing = (prop: string, what: string) =>
    `\`${prop}\` is missing: the ${name} ${what}. Give it: PostgresServer.${resource.factory}(${kind}, { ${prop} })`;

  const logProblems = engineProblems(resource);
  const network = {
    vpc,
    subnets: options.vpcSubnets,
    serverSecurityGroups,
    functionSecurityGroups: options.functionSecurityGroups,
  };
  const problems = [
    ...logProblems,
    ...replicaProblems(resource),
    ...hostProblems('host', host),
    ...portProblems('port', port),
    ...certificateProblems(options.caCertificate),
    ...doorProblems(options),
    ...subnetProblems(network, resource.factory),
  ];
  const adminProblem = adminSecret
    ? undefined
    : missing('adminSecret', 'knows no secret of its administrator');
  if (adminProblem) problems.push(adminProblem);
  if (!vpc) problems.push(missing('vpc', 'was imported and knows no VPC'));
  const lookUpProblem =
    serverSecurityGroups.length > 0 || options.functionSecurityGroups
      ? undefined
      : missing(
          'securityGroups',
          'was imported without security groups, so no rule could let the function in',
        );
  if (lookUpProblem) problems.push(lookUpProblem);

  return {
    type: resource.type,
    kind,
    resource: resource.construct,
    identifier,
    host,
    port,
    tls: 'verify-full',
    caCertificate: options.caCertificate,
    adminSecret,
    network,
    logGroupName: `/aws/rds/${kind}/${identifier}/postgresql`,
    problems,
    adminProblem,
    lookUpProblem,
    logProblems,
  };
}

function engineProblems({ kind, engineType, engineTypes, factory }: RdsResource): string[] {
  if (engineType === undefined || engineTypes.includes(engineType)) return [];
  return [
    `\`${kind}\` of PostgresServer.${factory} must run ${engineTypes.join(' or ')}, got: ${engineType}`,
  ];
}

/** A replica takes no writes, so no role and no grant; it gets those of its source. */
function replicaProblems({ kind, construct: { node } }: RdsResource): string[] {
  const cfn = node.defaultChild as Partial<rds.CfnDBInstance> | undefined;
  const source =
    cfn?.sourceDbInstanceIdentifier ?? (cfn as Partial<rds.CfnDBCluster>)?.replicationSourceIdentifier;
  if (source === undefined) return [];
  return [`the ${kind} ${node.path} is a replica, in which no role can be made: give its source`];
}

/** RDS stores identifiers in lower case, and names the log group after what it stored. */
const lowerCase = (identifier: string) =>
  Token.isUnresolved(identifier) ? identifier : identifier.toLowerCase();
