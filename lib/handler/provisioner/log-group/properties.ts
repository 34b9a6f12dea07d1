import { fromWire, LOG_GROUP_SETTINGS, type Values } from '../../../private/wire/settings';
import { type Fields, parseProperties } from '../runtime/fields';

/**
 * `LogGroupProperties` with their real types. A retention or a key that is not given is not changed; only with
 * `shortenLogRetention` is a longer existing retention shortened.
 */
export interface LogGroupRequest extends Values<typeof LOG_GROUP_SETTINGS> {
  readonly logGroupName: string;
  /** The resource of the app that is the server of the log, if the app defines it. */
  readonly serverResource?: string;
  /** Tags for a new log group. */
  readonly tags: Readonly<Record<string, string>>;
}

export function parseLogGroup(properties: unknown): LogGroupRequest {
  return parseProperties(properties, (fields) => ({
    logGroupName: fields.text('logGroupName'),
    ...readLogSettings(fields),
    serverResource: fields.optionalText('serverResource'),
  }));
}

/** Parses the settings of a log group that are part of other properties, too. */
export function readLogSettings(
  fields: Fields,
): Values<typeof LOG_GROUP_SETTINGS> & Pick<LogGroupRequest, 'tags'> {
  return { ...fromWire(LOG_GROUP_SETTINGS, fields), tags: fields.textMap('tags') };
}
