import { parseProperties } from '../runtime/fields';

/** `LogGroupProperties` with their real types. */
export interface LogGroupRequest {
  readonly logGroupName: string;
  /** Absent: the retention is left alone. */
  readonly retentionInDays?: number;
  /** True: even where a longer retention was set before. */
  readonly shortenRetention: boolean;
  /** Absent: the encryption is left alone. */
  readonly kmsKeyArn?: string;
  /** Names or ARNs of CloudWatch's data identifiers. */
  readonly maskedDataIdentifiers: readonly string[];
  /** Which resource of the app the server is whose log it is, if any. */
  readonly serverResource?: string;
  /** For what is made. */
  readonly tags: Readonly<Record<string, string>>;
}

export function parseLogGroup(properties: unknown): LogGroupRequest {
  return parseProperties(properties, (fields) => ({
    logGroupName: fields.text('logGroupName'),
    retentionInDays: fields.number('retentionInDays', 0, 1, 9999) || undefined,
    shortenRetention: fields.flag('shortenRetention', false),
    kmsKeyArn: fields.optionalText('kmsKeyArn'),
    maskedDataIdentifiers: fields.texts('maskedDataIdentifiers') ?? [],
    serverResource: fields.optionalText('serverResource'),
    tags: fields.textMap('tags'),
  }));
}
