import type { DatabaseSpec, ServerAddress } from '../../private/wire/sql';
import type { StackFacts } from './ports';

/** A data source of a stack, with its database access if the stack has it. */
export interface DataSource {
  readonly secret: string;
  readonly access?: Access;
}

/** How to test the access from this machine, or with the sql-runner of the stack. */
export interface Access {
  readonly sqlRunner?: string;
  readonly tls: 'verify-full' | 'disable';
  /** The certificates that the sql-runner trusts, if they are in the template. */
  readonly caCertificate?: string;
  /** The server that the provisioner looks up in RDS, if the template has no host. */
  readonly lookup?: ServerAddress['lookup'];
  readonly databases: readonly DatabaseSpec[];
}

type Properties = Readonly<Record<string, unknown>>;

/** The data sources in a stack. References in the template are resolved to resources and parameters of the stack. */
export function dataSourcesOf(stack: StackFacts): DataSource[] {
  const resources = ((stack.template as { Resources?: object } | undefined)?.Resources ?? {}) as Record<
    string,
    { Properties?: Properties }
  >;
  const propertiesOf = (type: string) =>
    stack.resources
      .filter((resource) => resource.type === type)
      .map(({ logicalId }) => resources[logicalId]?.Properties ?? {});
  const accesses = propertiesOf('Custom::DatafoldDatabaseAccess');
  return propertiesOf('Custom::DatafoldDataSource').flatMap((source) => {
    const secret = resolve(stack, source.secretArn);
    if (secret === undefined) return [];
    const access = accesses.find((one) => same(one.passwordSecretArn, source.passwordSecretArn));
    return [{ secret, ...(access && { access: readAccess(stack, access) }) }];
  });
}

function readAccess(stack: StackFacts, properties: Properties): Access {
  const list = (value: unknown) =>
    Array.isArray(value) ? value.flatMap((one) => resolve(stack, one) ?? []) : undefined;
  const databases = (properties.databases ?? []) as Properties[];
  const { tls, caCertificate, lookup } = (properties.server ?? {}) as Properties;
  const { kind, identifier } = (lookup ?? {}) as Properties;
  const name = resolve(stack, identifier);
  return {
    sqlRunner: resolve(stack, properties.sqlRunner),
    tls: tls === 'disable' ? 'disable' : 'verify-full',
    caCertificate: resolve(stack, caCertificate),
    ...(name !== undefined && {
      lookup: { kind: kind === 'instance' ? 'instance' : 'cluster', identifier: name },
    }),
    databases: databases.map((database) => {
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

/** Resolves a string, or a `Ref` to a resource or a parameter of the stack. */
function resolve({ resources, parameters }: StackFacts, value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { Ref: ref } = (value ?? {}) as { Ref?: string };
  if (ref === undefined) return undefined;
  return resources.find(({ logicalId }) => logicalId === ref)?.physicalId ?? parameters[ref];
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
