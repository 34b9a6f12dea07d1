import { ownerKey, stackNameOf } from '../physical-ids';
import { parseDatabaseAccess, type DatabaseAccess } from './database-access';
import { parseProperties } from './properties';
import { parseStatementLogging, type StatementLoggingRequest } from './statement-logging';

/** `ReconcileTask` with its real types. */
export interface Reconciliation {
  readonly wanted: DatabaseAccess;
  readonly ownerKey: string;
  readonly stackName: string;
  readonly repair: boolean;
  /** The dimension `Server` of the metrics. */
  readonly serverName: string;
  readonly logging?: { readonly wanted: StatementLoggingRequest; readonly ownerKey: string };
}

export function parseReconcile(raw: Readonly<Record<string, unknown>>): Reconciliation {
  const own = parseProperties(raw, (fields) => {
    const stackId = fields.text('stackId');
    const logging = fields.has('statementLogging') ? fields.object('statementLogging') : undefined;
    return {
      ownerKey: ownerKey(stackId, fields.text('logicalResourceId')),
      stackName: stackNameOf(stackId),
      repair: fields.flag('repair', false),
      serverName: fields.text('serverName'),
      loggingKey: logging && ownerKey(stackId, logging.text('logicalResourceId')),
    };
  });
  const { loggingKey, ...rest } = own;
  const { properties } = (raw.statementLogging ?? {}) as { properties?: unknown };
  return {
    ...rest,
    wanted: parseDatabaseAccess(raw.properties),
    ...(loggingKey && { logging: { wanted: parseStatementLogging(properties), ownerKey: loggingKey } }),
  };
}
