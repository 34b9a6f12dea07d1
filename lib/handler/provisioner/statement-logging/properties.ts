import { fromWire, LOGGING_SETTINGS, type Values } from '../../../private/wire/settings';
import type { ServerName } from '../aws/rds-ports';
import { type LogGroupRequest, readLogSettings } from '../log-group/properties';
import { parseProperties } from '../runtime/fields';

/** The start of the physical ids. */
export const STATEMENT_LOGGING = 'datafold-statement-logging/';

/** `StatementLoggingProperties` with their real types. */
export interface StatementLoggingRequest extends Values<typeof LOGGING_SETTINGS> {
  readonly server: ServerName;
  readonly newGroupName: string;
  readonly log: LogGroupRequest;
}

export function parseStatementLogging(properties: unknown): StatementLoggingRequest {
  return parseProperties(properties, (fields) => {
    const kind = fields.oneOf('kind', ['cluster', 'instance'], 'cluster');
    const identifier = fields.text('identifier').toLowerCase();
    return {
      server: { kind, identifier },
      newGroupName: fields.text('newGroupName').toLowerCase(),
      ...fromWire(LOGGING_SETTINGS, fields),
      log: {
        logGroupName: `/aws/rds/${kind}/${identifier}/postgresql`,
        ...readLogSettings(fields),
      },
    };
  });
}

/** Returns the physical id for a server. The changes are recorded in the tags of the server. */
export function statementLoggingId({ kind, identifier }: ServerName): string {
  return `${STATEMENT_LOGGING}${kind}/${identifier}`;
}
