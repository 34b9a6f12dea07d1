import { Reference, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { databaseResource } from '../server/database-resource';
import { identityOf } from '../identity';
import type { ServerSpec } from '../server/server-spec';

/** A log group, or several by a pattern as IAM has it. */
export interface LogGroups {
  readonly region: string;
  readonly name: string;
}

/** Takes an ARN apart; a name alone is in the region of whoever names it. */
export function logGroupsOf(nameOrArn: string, home: string): LogGroups {
  const [, region, name] = /^arn:[^:]*:logs:([^:]*):[^:]*:log-group:([^:]*)/.exec(nameOrArn) ?? [];
  return region === undefined ? { region: home, name: nameOrArn } : { region, name };
}

/** True only where it is certain that the log of the server is not among the groups. */
export function isWithoutLogOf(
  scope: Construct,
  groups: LogGroups,
  server: ServerSpec,
  region: string,
): boolean {
  return (
    isOtherRegion(groups.region, region) ||
    namesOfLog(server).some((name) => isOtherName(scope, groups.name, name))
  );
}

export const isOtherRegion = (one: string, other: string) =>
  !Token.isUnresolved(one) && !Token.isUnresolved(other) && !matches(one, other);

/** As the template has it, and as RDS will have it, where this app gives the server a name. */
export function namesOfLog(server: ServerSpec): string[] {
  const { kind, logGroupName } = server;
  if (logGroupName === undefined) return [];
  const identifier = databaseResource(server)?.identifier;
  if (identifier === undefined || Token.isUnresolved(identifier)) return [logGroupName];
  return [logGroupName, `/aws/rds/${kind}/${identifier.toLowerCase()}/postgresql`];
}

function isOtherName(scope: Construct, pattern: string, name: string): boolean {
  if (!Token.isUnresolved(pattern) && !Token.isUnresolved(name)) return !matches(pattern, name);
  const differ = identityOf(scope, pattern) !== identityOf(scope, name);
  return differ && namesServers(pattern) && namesServers(name);
}

/** Two servers of this app have two names. */
function namesServers(name: string): boolean {
  const { tokens } = Tokenization.reverseString(name);
  return tokens.length > 0 && tokens.every((token) => Reference.isReference(token) && isServer(token));
}

const isServer = ({ target }: Reference) =>
  /^AWS::RDS::DB(Cluster|Instance)$/.test((target as { cfnResourceType?: string }).cfnResourceType ?? '');

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
}
