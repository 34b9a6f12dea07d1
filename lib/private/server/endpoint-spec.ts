import type { EndpointOptions } from '../../postgres-server-options';
import {
  certificateProblems,
  doorProblems,
  hostProblems,
  optionProblems,
  portProblems,
} from './endpoint-rules';
import { subnetProblems } from '../functions/runner-subnets';
import { ACCESS_SETTINGS } from '../wire/settings';
import type { ServerSpec } from './server-spec';

/** Returns the specification of a server outside of RDS, which is complete in the user's options. */
export function endpointSpec(options: EndpointOptions): ServerSpec {
  const { host, port = 5432, adminSecret, vpc, functionSecurityGroups } = options;
  const network = {
    vpc,
    subnets: options.vpcSubnets,
    serverSecurityGroups: options.securityGroups ?? [],
    functionSecurityGroups,
  };
  const problems = [
    ...(host === undefined ? ['`host` is missing. Give it: PostgresServer.endpoint({ host })'] : []),
    ...hostProblems('host', host),
    ...portProblems('port', port),
    ...certificateProblems(options.caCertificate),
    ...optionProblems(options),
    ...doorProblems(options),
    ...subnetProblems(network, 'endpoint'),
  ];
  const adminProblem = adminSecret
    ? undefined
    : '`adminSecret` is missing. Give it: PostgresServer.endpoint({ adminSecret })';
  if (adminProblem) problems.push(adminProblem);
  if (!vpc && (options.vpcSubnets || options.securityGroups || functionSecurityGroups))
    problems.push(
      '`vpc` is missing: subnets and security groups belong to one. Give it: PostgresServer.endpoint({ vpc })',
    );
  if (options.disableTls && options.caCertificate)
    problems.push('`caCertificate` has no effect with `disableTls`: leave out one of the two');
  return {
    type: 'pg',
    identifier: host,
    host,
    port,
    tls: options.disableTls ? 'disable' : 'verify-full',
    caCertificate: options.caCertificate,
    datafoldHost: options.datafoldHost,
    datafoldPort: options.datafoldPort,
    maintenanceDatabase: options.maintenanceDatabase ?? ACCESS_SETTINGS.maintenanceDatabase.fallback,
    adminSecret,
    network,
    problems,
    adminProblem,
    logProblems: [],
  };
}
