import { Reference, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { databaseResource } from '../server/database-resource';
import { identityOf } from '../identity';
import type { ServerSpec } from '../server/server-spec';

/** A log group, or several by a pattern as in IAM. */
export interface LogGroups {
  readonly region: string;
  readonly name: string;
}

/** Parses the name or ARN of a log group; a plain name is in the region `home`. */
export function logGroupsOf(nameOrArn: string, home: string): LogGroups {
  const [, region, name] = /^arn:[^:]*:logs:([^:]*):[^:]*:log-group:([^:]*)/.exec(nameOrArn) ?? [];
  return region === undefined ? { region: home, name: nameOrArn } : { region, name };
}

/** Returns true only if the log groups certainly do not include the log of the server. */
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

/** Returns true only if two regions certainly differ. */
export const isOtherRegion = (one: string, other: string) =>
  !Token.isUnresolved(one) && !Token.isUnresolved(other) && !matches(one, other);

/** Returns the names of the server's log group: as in the template and, if this app sets the identifier, as in RDS. */
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

/** Returns whether a name consists of references to servers of this app, so that different names mean different servers. */
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
