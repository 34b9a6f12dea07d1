import { parseLogPlace, type StatementLogPlace } from '../statement-logging/lineage';
import { parseServer, type ServerTarget } from '../sql-client/server-target';
import { parseProperties } from '../runtime/fields';
import { regionAndNameOf } from '../aws/secrets';

/** `LineageProofProperties` with their real types. */
export interface LineageProof {
  readonly sqlRunner: string;
  readonly server: ServerTarget;
  readonly connectionSecret: string;
  readonly statementLog: StatementLogPlace;
  readonly keyHasSourceIps: boolean;
}

export function parseLineageProof(properties: unknown): LineageProof {
  return parseProperties(properties, (fields) => ({
    sqlRunner: fields.text('sqlRunner'),
    server: parseServer(fields.object('server')),
    connectionSecret: fields.text('dataSourceSecretArn'),
    statementLog: parseLogPlace(fields.object('statementLog')),
    keyHasSourceIps: fields.flag('keyHasSourceIps', false),
  }));
}

/** Returns the physical id of the proof for a data source. */
export function lineageProofId(secret: string): string {
  return `datafold-lineage-proof/${regionAndNameOf(secret)}`;
}
