import { CfnResource, Reference, Token, Tokenization } from 'aws-cdk-lib';
import { databaseProblems } from '../access/name-rules';
import type { ServerNetworkOptions } from '../../postgres-server-options';
import { parseRdsHost } from './rds-host';
import { inWords } from '../problems';

/** The maximum length of a host name in Datafold's API (PostgreSQLAuroraConfig.host, maxLength). */
const MAX_HOST = 128;

/** Returns the problems with a host name, if it is known at synth. */
export function hostProblems(prop: string, host: string | undefined): string[] {
  if (host === undefined) return [];
  if (Token.isUnresolved(host))
    return isProxyOfApp(host) ? [`\`${prop}\` must not be an RDS Proxy: ${NO_PROXY}`] : [];
  if (host === '') return [`\`${prop}\` must not be empty`];
  if (host.length > MAX_HOST)
    return [
      `\`${prop}\` must be at most ${MAX_HOST} characters long (Datafold's limit), got ${host.length}: ${host}`,
    ];
  if (!/^[\w.:-]+$/.test(host)) return [`\`${prop}\` must be a host name or an IP address, got: ${host}`];
  const other = NO_SERVER.find(({ is }) => is(host));
  return other ? [`\`${prop}\` must not be ${other.what}, got: ${host}`] : [];
}

const NO_PROXY =
  'it lets in only roles of which it has the secrets, and its sessions are shared. Give the cluster or instance behind it';

/** Host names of AWS for endpoints on which no role can be created. */
const NO_SERVER: readonly { readonly is: (host: string) => boolean; readonly what: string }[] = [
  { is: (host) => parseRdsHost(host)?.kind === 'proxy', what: `an RDS Proxy: ${NO_PROXY}` },
  {
    is: (host) => parseRdsHost(host)?.kind === 'cluster-ro',
    what: 'a reader endpoint, which takes no writes: give the endpoint of the writer',
  },
  {
    is: (host) => /\.dsql\.[a-z0-9-]+\.on\.aws$/i.test(host),
    what: 'Aurora DSQL, which is not supported: it takes IAM authentication only, and Datafold logs in with a password',
  },
];

function isProxyOfApp(host: string): boolean {
  return Tokenization.reverseString(host).tokens.some(
    (token) =>
      Reference.isReference(token) &&
      CfnResource.isCfnResource(token.target) &&
      token.target.cfnResourceType.startsWith('AWS::RDS::DBProxy'),
  );
}

/** Returns the problems with a port. */
export function portProblems(prop: string, port: number): string[] {
  if (Token.isUnresolved(port) || (Number.isInteger(port) && port >= 1 && port <= 65535)) return [];
  return [`\`${prop}\` must be a port number between 1 and 65535, got: ${port}`];
}

/** Returns the problems with the options that all servers have in common. */
export function optionProblems(options: ServerNetworkOptions): string[] {
  const { datafoldHost, datafoldPort, maintenanceDatabase } = options;
  return [
    ...hostProblems('datafoldHost', datafoldHost),
    ...(datafoldPort === undefined ? [] : portProblems('datafoldPort', datafoldPort)),
    ...(maintenanceDatabase === undefined
      ? []
      : databaseProblems('maintenanceDatabase', maintenanceDatabase)),
  ];
}

/** Secrets Manager's limit for a value is 65,536 bytes; a data source also contains settings. */
const MAX_CERTIFICATES = 60_000;

/** Returns the problems with the option `caCertificate`. */
export function certificateProblems(pem: string | undefined): string[] {
  if (pem === undefined || Token.isUnresolved(pem)) return [];
  const { length } = JSON.stringify(pem);
  if (length > MAX_CERTIFICATES)
    return [
      `\`caCertificate\` must have at most ${inWords(MAX_CERTIFICATES)} characters, more do not fit into the secret of a data source, got ${inWords(length)}: give the authorities of one region, not of all`,
    ];
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return [];
  return [
    `\`caCertificate\` must be the certificates themselves, in PEM form (-----BEGIN CERTIFICATE-----), got: ${pem.slice(0, 80)}`,
  ];
}

/** Returns the problems with the security groups. */
export function doorProblems({ securityGroups, functionSecurityGroups }: ServerNetworkOptions): string[] {
  if (!securityGroups || !functionSecurityGroups) return [];
  return [
    '`securityGroups` has no effect beside `functionSecurityGroups`, for which no rule is added: leave out one of the two',
  ];
}
