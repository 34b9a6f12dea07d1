import { ownerKey, stackNameOf } from '../runtime/physical-ids';
import { parseDatabaseAccess, type DatabaseAccess } from '../database-access/properties';
import { parseLogGroup, type LogGroupRequest } from '../log-group/properties';
import { type Fields, parseProperties } from '../runtime/fields';
import { type LogsUser, parseLogsUser } from '../aws/logs-user-policy';
import type { AllowedAddresses } from '../allowlist/inspect';
import { readAllowlist } from '../allowlist/properties';
import { parseStatementLogging, type StatementLoggingRequest } from '../statement-logging/properties';

/** The network path of Datafold; a declared path cannot be inspected. */
export type NetworkPath =
  | { readonly kind: 'private-link'; readonly serviceId: string; readonly targetGroupArn: string }
  | { readonly kind: 'allowlist'; readonly allowed: AllowedAddresses }
  | { readonly kind: 'declared' };

/** `ReconcileTask` with its real types. */
export interface Reconciliation {
  readonly desired: DatabaseAccess;
  readonly ownerKey: string;
  readonly stackName: string;
  readonly repair: boolean;
  /** The dimension `Server` of the metrics. */
  readonly serverName: string;
  readonly logging?: { readonly desired: StatementLoggingRequest; readonly ownerKey: string };
  /** The log group of a server of the app, if it is a resource of its own. */
  readonly logGroup?: { readonly desired: LogGroupRequest; readonly ownerKey: string };
  /** The logs users whose access keys read the statement log. */
  readonly logsUsers: readonly LogsUser[];
  /** Undefined if the app declares no path, or one of another stack. */
  readonly network?: NetworkPath;
  readonly rotatesPassword: boolean;
}

export function parseReconcile(raw: Readonly<Record<string, unknown>>): Reconciliation {
  const own = parseProperties(raw, (fields) => {
    const stackId = fields.text('stackId');
    const keyOf = (name: string) =>
      fields.has(name) ? ownerKey(stackId, fields.object(name).text('logicalResourceId')) : undefined;
    return {
      ownerKey: ownerKey(stackId, fields.text('logicalResourceId')),
      stackName: stackNameOf(stackId),
      repair: fields.flag('repair', false),
      serverName: fields.text('serverName'),
      loggingKey: keyOf('statementLogging'),
      logGroupKey: keyOf('logGroup'),
      rotatesPassword: fields.flag('rotatesPassword', false),
      logsUsers: fields.has('logsUsers') ? fields.objects('logsUsers').map(parseLogsUser) : [],
      ...(fields.has('network') && { network: parseNetworkPath(fields.object('network')) }),
    };
  });
  const { loggingKey, logGroupKey, ...rest } = own;
  const propertiesOf = (part: unknown) => (part as { properties?: unknown }).properties;
  return {
    ...rest,
    desired: parseDatabaseAccess(raw.properties),
    ...(loggingKey && {
      logging: { desired: parseStatementLogging(propertiesOf(raw.statementLogging)), ownerKey: loggingKey },
    }),
    ...(logGroupKey && {
      logGroup: { desired: parseLogGroup(propertiesOf(raw.logGroup)), ownerKey: logGroupKey },
    }),
  };
}

function parseNetworkPath(fields: Fields): NetworkPath {
  const kind = fields.oneOf('kind', ['private-link', 'allowlist', 'declared'], 'declared');
  switch (kind) {
    case 'private-link':
      return { kind, serviceId: fields.text('serviceId'), targetGroupArn: fields.text('targetGroupArn') };
    case 'allowlist':
      return { kind, allowed: readAllowlist(fields.object('allowlist')) };
    case 'declared':
      return { kind };
  }
}
