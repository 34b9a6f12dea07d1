import { parseProperties } from './properties';

/** `LogGroupProperties` with their real types. */
export interface LogGroupRequest {
  readonly logGroupName: string;
  /** Absent: the retention is left alone. */
  readonly retentionInDays?: number;
  /** Absent: the encryption is left alone. */
  readonly kmsKeyArn?: string;
}

export function parseLogGroup(properties: unknown): LogGroupRequest {
  return parseProperties(properties, (fields) => ({
    logGroupName: fields.text('logGroupName'),
    retentionInDays: fields.number('retentionInDays', 0, 1, 9999) || undefined,
    kmsKeyArn: fields.optionalText('kmsKeyArn'),
  }));
}
