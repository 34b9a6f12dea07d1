import type { Fields } from '../runtime/fields';
import { readDataSource, type DataSource } from '../data-source/properties';
import { parseProperties } from '../runtime/properties';

/** `RegistrationProperties` with their real types and defaults. */
export interface Registration {
  /** The origin of Datafold's URLs, without a slash at its end. */
  readonly host: string;
  readonly apiKeySecret: string;
  readonly onProblem: 'fail' | 'warn';
  readonly source: DataSource;
}

export function parseRegistration(properties: unknown): Registration {
  return parseProperties(properties, (fields) => ({
    host: readHost(fields),
    apiKeySecret: fields.text('apiKeySecretArn'),
    onProblem: fields.oneOf('onProblem', ['fail', 'warn'], 'fail'),
    source: readDataSource(fields.object('source')),
  }));
}

function readHost(fields: Fields): string {
  const host = fields.optionalText('host') ?? 'https://app.datafold.com';
  if (/^https?:\/\//.test(host) && URL.canParse(host)) return new URL(host).origin;
  fields.report('host', 'must be a URL such as https://app.datafold.com');
  return 'https://app.datafold.com';
}
