import { ADMIN_SECRET, appFacts } from './app';
import type { FoundServer } from './server';

/**
 * The parameters of the template for a server, as the AWS CLI reads them.
 *
 * JSON has no comments: what has to be filled in is a value that CloudFormation refuses before it creates anything.
 */
export function parametersFile(server: FoundServer, databases: readonly string[]): string {
  const { adminSecret, databaseName, kind, subnets, securityGroups, port } = server;
  const facts = appFacts(server, databases);
  const isKnown = databases.length > 0 || databaseName !== undefined;
  const parameters: Record<string, string> = {
    [kind === 'cluster' ? 'ClusterIdentifier' : 'InstanceIdentifier']: server.identifier,
    ...(port === 5432 ? {} : { Port: String(port) }),
    AdminSecretArn: adminSecret?.arn ?? `TODO: ${ADMIN_SECRET}`,
    ...(adminSecret?.keyArn && { AdminSecretKeyArn: adminSecret.keyArn }),
    DatabaseNames: isKnown
      ? facts.databases.join()
      : 'TODO: the databases that Datafold is to read, with commas between them, ',
    VpcId: server.vpcId ?? 'TODO: the VPC of the server',
    SubnetIds: subnets.map(({ id }) => id).join() || 'TODO: the subnets of the server',
    SecurityGroupId: securityGroups[0] ?? 'TODO: a security group of the server',
  };
  const entries = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
