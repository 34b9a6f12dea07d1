import { CfnResource, Reference, Token, Tokenization } from 'aws-cdk-lib';
import { databaseProblems } from '../access/name-rules';
import type { ServerNetworkOptions } from '../../postgres-server-options';

/** Datafold's API takes no longer host name (PostgreSQLAuroraConfig.host, maxLength). */
const MAX_HOST = 128;

/** What is wrong with a host name, where one is known. */
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
  const other = NO_SERVER.find(({ names }) => names.test(host));
  return other ? [`\`${prop}\` must not be ${other.what}, got: ${host}`] : [];
}

const NO_PROXY =
  'it lets in only roles of which it has the secrets, and its sessions are shared. Give the cluster or instance behind it';

/** Names that AWS gives to what is no server that a role can be made on. */
const NO_SERVER: readonly { readonly names: RegExp; readonly what: string }[] = [
  { names: /\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\./i, what: `an RDS Proxy: ${NO_PROXY}` },
  {
    names: /\.cluster-ro-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\./i,
    what: 'a reader endpoint, which takes no writes: give the endpoint of the writer',
  },
  {
    names: /\.dsql\.[a-z0-9-]+\.on\.aws$/i,
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

/** What is wrong with a port. */
export function portProblems(prop: string, port: number): string[] {
  if (Token.isUnresolved(port) || (Number.isInteger(port) && port >= 1 && port <= 65535)) return [];
  return [`\`${prop}\` must be a port number between 1 and 65535, got: ${port}`];
}

/** What is wrong with what any server may be given. */
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

/** What is wrong with certificates to trust. */
export function certificateProblems(pem: string | undefined): string[] {
  if (pem === undefined || Token.isUnresolved(pem) || pem.includes('-----BEGIN CERTIFICATE-----')) return [];
  return [
    `\`caCertificate\` must be the certificates themselves, in PEM form (-----BEGIN CERTIFICATE-----), got: ${pem.slice(0, 80)}`,
  ];
}

/** What is wrong with the ways through the network. */
export function doorProblems({ securityGroups, functionSecurityGroups }: ServerNetworkOptions): string[] {
  if (!securityGroups || !functionSecurityGroups) return [];
  return [
    '`securityGroups` has no effect beside `functionSecurityGroups`, for which no rule is added: leave out one of the two',
  ];
}
