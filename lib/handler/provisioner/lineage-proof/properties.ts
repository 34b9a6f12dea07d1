import {
  parseLogPlace,
  parseServer,
  type ServerTarget,
  type StatementLogPlace,
} from '../database-access/properties';
import { parseProperties } from '../runtime/properties';

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
