import { createHash } from 'node:crypto';
import type { LogGroupState } from '../aws/ports';
import type { ServerName } from '../aws/rds-ports';
import type { ServerTarget } from '../database-access/properties';

const NOT_CREATED = 'datafold-not-created/';
const KEPT_ACCESS = 'datafold-kept-access/';
const HALF_MADE = '#half-made';
const REGISTRATION = 'datafold-registration/';
const LOG_EXCLUSIONS = 'datafold-log-exclusions/';
const LOG_GROUP = 'datafold-log-group:';
const LOGS_USER_GROUP = 'datafold-logs-user-group/';
const NO_SETTINGS = 'unknown';
const STATEMENT_LOGGING = 'datafold-statement-logging/';

/** A role on a server. One that is looked up is the same server whatever its host name becomes. */
export function accessId({ at, port }: Pick<ServerTarget, 'at' | 'port'>, roleName: string): string {
  return `datafold-access/${placeOf({ at, port })}/${roleName}`;
}

/** A role that was there before the Create that failed: its Delete keeps it. */
export function keptAccessId(server: Pick<ServerTarget, 'at' | 'port'>, roleName: string): string {
  return `${KEPT_ACCESS}${placeOf(server)}/${roleName}`;
}

/** A role that a Create may have made before it failed: its Delete takes it away, whatever the removal policy is. */
export function halfMadeAccessId(server: Pick<ServerTarget, 'at' | 'port'>, roleName: string): string {
  return `${accessId(server, roleName)}${HALF_MADE}`;
}

export function isHalfMadeId(physicalId: string): boolean {
  return physicalId.endsWith(HALF_MADE);
}

export function isKeptAccessId(physicalId: string): boolean {
  return physicalId.startsWith(KEPT_ACCESS);
}

/** What is kept out of the statement log of a server. */
export function logExclusionsId(server: Pick<ServerTarget, 'at' | 'port'>): string {
  return `${LOG_EXCLUSIONS}${placeOf(server)}`;
}

export function isLogExclusionsId(physicalId: string): boolean {
  return physicalId.startsWith(LOG_EXCLUSIONS);
}

/** The server, as far as its own properties say: another host name may still be the same server. */
export function placeOf({ at, port }: Pick<ServerTarget, 'at' | 'port'>): string {
  return 'host' in at ? `${at.host.toLowerCase()}:${port}` : `${at.lookup.kind}:${at.lookup.identifier}`;
}

/** The access key of a user. */
export function accessKeyId(userName: string): string {
  return `datafold-access-key/${userName}`;
}

/** The membership of a user in a group. */
export function logsUserGroupId(groupName: string, userName: string): string {
  return `${LOGS_USER_GROUP}${groupName}/${userName}`;
}

export function isLogsUserGroupId(physicalId: string): boolean {
  return physicalId.startsWith(LOGS_USER_GROUP);
}

/** The data source that a secret describes. */
export function dataSourceId(secret: string): string {
  return `datafold-data-source/${nameOf(secret)}`;
}

/** The rotation of the password in a secret. */
export function passwordRotationId(secret: string): string {
  return `datafold-password-rotation/${nameOf(secret)}`;
}

/** The proof that lineage gets from the server to a data source. */
export function lineageProofId(secret: string): string {
  return `datafold-lineage-proof/${nameOf(secret)}`;
}

/** The region and the name of a secret. */
function nameOf(secret: string): string {
  return secret.replace(/^arn:[^:]+:secretsmanager:([^:]+):[^:]+:secret:/, '$1/');
}

/** A data source in Datafold, by the id that Datafold gave it. */
export function registrationId(datafold: string, dataSource: number): string {
  return `${REGISTRATION}${new URL(datafold).host}/${dataSource}`;
}

/** The data source of an id of this Datafold; undefined for an id of anything else. */
export function registeredIn(physicalId: string, datafold: string): number | undefined {
  const prefix = `${REGISTRATION}${new URL(datafold).host}/`;
  return physicalId.startsWith(prefix) ? Number(physicalId.slice(prefix.length)) || undefined : undefined;
}

/** A log group, and after a `?`, which no such name has, the settings that a Delete puts back. */
export function logGroupId(logGroupName: string, { retentionInDays, kmsKeyArn }: LogGroupState): string {
  const before = new URLSearchParams();
  if (retentionInDays !== undefined) before.set('retentionInDays', String(retentionInDays));
  if (kmsKeyArn !== undefined) before.set('kmsKeyArn', kmsKeyArn);
  const query = before.size > 0 ? `?${before.toString()}` : '';
  return `${LOG_GROUP}${logGroupName}${query}`;
}

/** A log group that could not be asked for its settings: a Delete puts back what its tags say, and nothing else. */
export function logGroupIdWithoutSettings(logGroupName: string): string {
  return `${LOG_GROUP}${logGroupName}?${NO_SETTINGS}`;
}

/** True for any id of this log group. */
export function isOfLogGroup(physicalId: string, logGroupName: string): boolean {
  return targetIn(physicalId).split('?', 1)[0] === `${LOG_GROUP}${logGroupName}`;
}

/** The settings that an id of this log group remembers; undefined for an id of anything else. */
export function settingsIn(physicalId: string, logGroupName: string): LogGroupState | undefined {
  const [name, query] = targetIn(physicalId).split('?', 2);
  if (name !== `${LOG_GROUP}${logGroupName}`) return undefined;
  const before = new URLSearchParams(query);
  if (before.has(NO_SETTINGS)) return undefined;
  const retentionInDays = Number(before.get('retentionInDays')) || undefined;
  return { retentionInDays, kmsKeyArn: before.get('kmsKeyArn') ?? undefined };
}

/** Statement logging of a server; what was changed is in the tags of the server. */
export function statementLoggingId({ kind, identifier }: ServerName): string {
  return `${STATEMENT_LOGGING}${kind}/${identifier}`;
}

export function isStatementLoggingId(physicalId: string): boolean {
  return physicalId.startsWith(STATEMENT_LOGGING);
}

/**
 * The id of a target that an update has moved to, after it removed the previous target itself: the Delete that CloudFormation
 * sends for the previous id finds it, and has nothing to do.
 */
export function idAfterRemoval(targetId: string, previousId: string): string {
  return `${targetId}${removed(previousId)}`;
}

/** True for an id under which the target of the previous one has been removed. */
export function hasRemoved(physicalId: string, previousId: string): boolean {
  return physicalId.endsWith(removed(previousId));
}

/** The id as it would be without what an update removed or a Create did not end. */
export function targetIn(physicalId: string): string {
  return physicalId.replace(/#(removed-[0-9a-f]{16}|half-made)$/, '');
}

function removed(physicalId: string): string {
  return `#removed-${createHash('sha256').update(physicalId).digest('hex').slice(0, 16)}`;
}

/** What is answered for a Create that failed and undid its work: its Delete has next to nothing to do. */
export function notCreatedId(stackId: string, logicalResourceId: string): string {
  return `${NOT_CREATED}${ownerKey(stackId, logicalResourceId).slice(0, 16)}`;
}

/** True for an id that some release of this library answered after a Create that succeeded. */
export function isMadeId(physicalId: string): boolean {
  return physicalId.startsWith('datafold-') && !physicalId.startsWith(NOT_CREATED);
}

/** Stable for one custom resource, and another for the same resource in another stack. */
export function ownerKey(stackId: string, logicalResourceId: string): string {
  return createHash('sha256').update(`${stackId}\n${logicalResourceId}`).digest('hex').slice(0, 32);
}

/** The name in `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID`. */
export function stackNameOf(stackId: string): string {
  return stackId.split('/')[1] ?? stackId;
}
