import { DATAFOLD_SAAS } from '../../../private/datafold';
import { type Fields, parseProperties } from '../runtime/fields';
import { readDataSource, type DataSource } from '../data-source/properties';

const REGISTRATION = 'datafold-registration/';

/** `RegistrationProperties` with their real types and defaults. */
export interface Registration {
  /** The origin of Datafold's URLs, without a trailing slash. */
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
  const host = fields.optionalText('host') ?? DATAFOLD_SAAS;
  if (/^https?:\/\//.test(host) && URL.canParse(host)) return new URL(host).origin;
  fields.report('host', `must be a URL such as ${DATAFOLD_SAAS}`);
  return DATAFOLD_SAAS;
}

/** Returns the physical id of a data source by its id in Datafold. */
export function registrationId(datafold: string, dataSource: number): string {
  return `${REGISTRATION}${new URL(datafold).host}/${dataSource}`;
}

/** Returns the data source id in a physical id of the given Datafold; undefined for other ids. */
export function registeredIn(physicalId: string, datafold: string): number | undefined {
  const prefix = `${REGISTRATION}${new URL(datafold).host}/`;
  return physicalId.startsWith(prefix) ? Number(physicalId.slice(prefix.length)) || undefined : undefined;
}
