import type { DatabaseSpec, ServerAddress } from '../../private/wire/sql';
import type { StackFacts } from './ports';
import { type Properties, resolve, resourcesOf } from './stack-template';
import { textsIn, valueOf } from './template-values';

/** A data source of a stack, with its database access if the stack has it. */
export interface DataSource {
  readonly secret: string;
  readonly access?: Access;
}

/** How to test the access from this machine, or with the sql-runner of the stack. */
export interface Access {
  readonly sqlRunner?: string;
  /** The secret of the administrator. */
  readonly adminSecret?: string;
  /** The address that the sql-runner uses, where the template shows it. */
  readonly host?: string;
  readonly port?: number;
  readonly tls: 'verify-full' | 'disable';
  /** The certificates that the sql-runner trusts, if they are in the template. */
  readonly caCertificate?: string;
  /** The server that the provisioner looks up in RDS, if the template has no host. */
  readonly lookup?: ServerAddress['lookup'];
  readonly databases: readonly DatabaseSpec[];
}

/** The data sources in a stack. References in the template are resolved to resources and parameters of the stack. */
export function dataSourcesOf(stack: StackFacts): DataSource[] {
  const propertiesOf = (type: string) => resourcesOf(stack, type).map(({ properties }) => properties);
  const accesses = propertiesOf('Custom::DatafoldDatabaseAccess');
  return propertiesOf('Custom::DatafoldDataSource').flatMap((source) => {
    const secret = resolve(stack, source.secretArn);
    if (secret === undefined) return [];
    const access = accesses.find((one) => same(one.passwordSecretArn, source.passwordSecretArn));
    return [{ secret, ...(access && { access: readAccess(stack, access) }) }];
  });
}

/** Where a stack registers its data sources: the URL of Datafold and the secret with its API key. */
export interface RegistrationFacts {
  readonly host: string;
  readonly apiKeySecret: string;
}

/** The registration of a stack; undefined if it registers nothing. */
export function registrationOf(stack: StackFacts): RegistrationFacts | undefined {
  const [{ properties } = { properties: {} as Properties }] = resourcesOf(
    stack,
    'Custom::DatafoldRegistration',
  );
  const { host, apiKeySecretArn } = properties;
  const [url, secret] = [resolve(stack, host), resolve(stack, apiKeySecretArn)];
  return url !== undefined && secret !== undefined ? { host: url, apiKeySecret: secret } : undefined;
}

function readAccess(stack: StackFacts, properties: Properties): Access {
  const list = (value: unknown) => textsIn(stack, value);
  const databases = (valueOf(stack, properties.databases) ?? []) as (Properties | undefined)[];
  const { host, port, tls, caCertificate, lookup } = (properties.server ?? {}) as Properties;
  const { kind, identifier } = (lookup ?? {}) as Properties;
  const name = resolve(stack, identifier);
  return {
    sqlRunner: resolve(stack, properties.sqlRunner),
    adminSecret: resolve(stack, properties.adminSecretArn),
    host: resolve(stack, host),
    port: Number(resolve(stack, port)) || undefined,
    tls: tls === 'disable' ? 'disable' : 'verify-full',
    caCertificate: resolve(stack, caCertificate),
    ...(name !== undefined && {
      lookup: { kind: kind === 'instance' ? 'instance' : 'cluster', identifier: name },
    }),
    databases: databases.map((database = {}) => {
      const [schemas, excludeSchemas] = [list(database.schemas), list(database.excludeSchemas)];
      const excludeTables = list(database.excludeTables);
      return {
        databaseName: resolve(stack, database.databaseName) ?? '',
        ...(schemas && { schemas }),
        ...(excludeSchemas && { excludeSchemas }),
        ...(excludeTables && { excludeTables }),
      };
    }),
  };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
