import { parseProperties } from '../runtime/fields';

/** `LogGroupProperties` with their real types. */
export interface LogGroupRequest {
  readonly logGroupName: string;
  /** Undefined: the retention is not changed. */
  readonly retentionInDays?: number;
  /** True: a longer existing retention is shortened. */
  readonly shortenRetention: boolean;
  /** Undefined: the encryption is not changed. */
  readonly kmsKeyArn?: string;
  /** Names or ARNs of CloudWatch data identifiers. */
  readonly maskedDataIdentifiers: readonly string[];
  /** The resource of the app that is the server of the log, if the app defines it. */
  readonly serverResource?: string;
  /** Tags for a new log group. */
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
