import {
  Token,
  type aws_ec2 as ec2,
  type aws_rds as rds,
  type aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { RdsServerOptions } from '../../postgres-server-options';
import {
  certificateProblems,
  doorProblems,
  hostProblems,
  optionProblems,
  portProblems,
} from './endpoint-rules';
import { isPlaceholder } from '../placeholders';
import { unsupportedReason } from './unsupported';
import { propertiesOf, unsupportedAtSynth } from './unsupported-at-synth';
import { subnetProblems } from '../functions/runner-subnets';
import { ACCESS_SETTINGS } from '../wire/settings';
import { type DataSourceType, serverName, type ServerSpec } from './server-spec';

/** The common properties of a cluster and an instance. */
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

/** Merges the properties of the resource with the options of the user, which take precedence. */
export function rdsSpec(resource: RdsResource, options: RdsServerOptions): ServerSpec {
  const { kind } = resource;
  const host = options.host ?? resource.host;
  const port = options.port ?? resource.port ?? 5432;
  const secretOfSnapshot = isNotApplied(resource);
  const adminSecret = options.adminSecret ?? (secretOfSnapshot ? undefined : resource.secret);
  const vpc = options.vpc ?? resource.vpc;
  const serverSecurityGroups = options.securityGroups ?? resource.securityGroups;
  const identifier = lowerCase(resource.identifier);
  const name = serverName({ kind, identifier, resource: resource.construct });
  const missing = (prop: string, what: string) =>
    `\`${prop}\` is missing: the ${name} ${what}. Give it: PostgresServer.${resource.factory}(${kind}, { ${prop} })`;

  const unsupported = unsupportedAtSynth(kind, resource.construct, resource.engineType);
  const logProblems = unsupported
    ? [unsupportedReason(unsupported, `the ${name}`)]
    : engineProblems(resource);
  const network = {
    vpc,
    subnets: options.vpcSubnets,
    serverSecurityGroups,
    functionSecurityGroups: options.functionSecurityGroups,
  };
  const problems = [
    ...logProblems,
    ...hostProblems('host', host),
    ...portProblems('port', port),
    ...certificateProblems(options.caCertificate),
    ...optionProblems(options),
    ...doorProblems(options),
    ...subnetProblems(network, resource.factory),
  ];
  const adminProblem = adminSecret
    ? undefined
    : missing(
        'adminSecret',
        secretOfSnapshot
          ? 'is restored from a snapshot without `snapshotCredentials`, so its administrator has the password of the snapshot, and a secret that the CDK generates is not applied to it. Give the cluster `snapshotCredentials`, or use the secret that has this password'
          : 'knows no secret of its administrator',
      );
  if (adminProblem) problems.push(adminProblem);
  if (!vpc) problems.push(missing('vpc', 'was imported and knows no VPC'));
  const lookUpProblem =
    serverSecurityGroups.length > 0 || options.functionSecurityGroups || isPlaceholder(resource.host)
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
    datafoldHost: options.datafoldHost,
    datafoldPort: options.datafoldPort,
    maintenanceDatabase: options.maintenanceDatabase ?? ACCESS_SETTINGS.maintenanceDatabase.fallback,
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

/**
 * Returns whether the administrator's secret is not used by the cluster.
 *
 * For a restored cluster without `snapshotCredentials` the CDK generates a secret that is not applied (its warning
 * `@aws-cdk/aws-rds:generatedCredsNotApplied`): the administrator has the password of the snapshot.
 */
function isNotApplied({ construct, secret }: RdsResource): boolean {
  const { snapshotIdentifier, masterUserPassword, manageMasterUserPassword } =
    propertiesOf<rds.CfnDBClusterProps>(construct);
  if (snapshotIdentifier === undefined || masterUserPassword !== undefined || manageMasterUserPassword)
    return false;
  return secret === undefined || secret.node.scopes.includes(construct);
}

/** RDS stores identifiers in lower case, and names the log group after the stored identifier. */
const lowerCase = (identifier: string) =>
  Token.isUnresolved(identifier) ? identifier : identifier.toLowerCase();
