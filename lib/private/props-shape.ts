import type { IConstruct } from 'constructs';
import { InvalidPropsError } from './problems';
import { PROP_NAMES, type Struct } from './prop-names';
import { isObject, misspelled, unknownProps } from './unknown-props';

type Type = 'string' | 'boolean' | 'number' | 'array';

/** The props of primitive types, of all constructs: a name has the same meaning in all of them. */
const TYPES: Readonly<Record<string, Type>> = {
  databaseName: 'string',
  dataSourceName: 'string',
  roleName: 'string',
  tempSchema: 'string',
  futureTables: 'boolean',
  adoptExisting: 'boolean',
  logBindValues: 'boolean',
  proveLineage: 'boolean',
  databases: 'array',
  schemas: 'array',
  excludeSchemas: 'array',
  excludeTables: 'array',
  excludedRoles: 'array',
  excludedDatabases: 'array',
  maskedData: 'array',
};

/** The props with a class type: a member that identifies the class, and the factories that create its objects. */
const CLASSES: Readonly<Record<string, { readonly has: string; readonly factories: string }>> = {
  statementLog: {
    has: '_options',
    factories: 'StatementLog.managed({ … }) or StatementLog.managedElsewhere()',
  },
  logRetention: { has: '_days', factories: 'LogRetention.atLeast(days) or LogRetention.exactly(days)' },
};

/**
 * Rejects misspelled props and props of the wrong type, which JavaScript and casts allow: `"false"` would be true, and a cluster in place of a
 * `PostgresServer` would fail with an obscure TypeError.
 */
export function assertShape(
  scope: IConstruct,
  props: object,
  struct: Struct,
  required: readonly ('server' | 'databases')[] = [],
) {
  const problems = isObject(props)
    ? [
        ...(required.includes('server') ? serverShape((props as { server?: unknown }).server) : []),
        ...typeProblems(props, '', required),
        ...classProblems(props),
        ...databasesShape((props as { databases?: unknown }).databases),
        ...unknownProps(props, struct),
      ]
    : [`\`props\` must be an object, got: ${shown(props)}`];
  if (problems.length > 0) throw new InvalidPropsError(scope.node.path, problems);
}

/** Rejects misspelled options of a server, which has no construct that could report them. */
export function assertOptions(
  factory: 'auroraCluster' | 'rdsInstance' | 'endpoint',
  options: object,
  struct: Struct,
): void {
  const problems = misspelled(options, PROP_NAMES[struct], '');
  if (problems.length > 0) throw new TypeError(`PostgresServer.${factory}: ${problems.join('; ')}`);
}

/** Rejects a value that is not a cluster or an instance. */
export function assertResource(factory: 'auroraCluster' | 'rdsInstance', value: unknown): void {
  const [kind, id] =
    factory === 'auroraCluster' ? ['a cluster', 'clusterIdentifier'] : ['an instance', 'instanceIdentifier'];
  if (isObject(value) && id in value) return;
  throw new TypeError(
    `PostgresServer.${factory} takes ${kind} of aws-cdk-lib/aws-rds, got: ${shown(value)}${insteadOf(value)}`,
  );
}

function serverShape(server: unknown): string[] {
  if (isObject(server) && '_spec' in server) return [];
  const factories = 'PostgresServer.auroraCluster, PostgresServer.rdsInstance or PostgresServer.endpoint';
  return [
    server === undefined
      ? `\`server\` is missing. Give it by ${factories}`
      : `\`server\` must be a PostgresServer, got: ${shown(server)}${insteadOf(server) || `. Make it by ${factories}`}`,
  ];
}

function insteadOf(value: unknown): string {
  if (!isObject(value)) return '';
  if ('clusterIdentifier' in value) return '. Give it: PostgresServer.auroraCluster(cluster)';
  return 'instanceIdentifier' in value ? '. Give it: PostgresServer.rdsInstance(instance)' : '';
}

function databasesShape(databases: unknown): string[] {
  if (!Array.isArray(databases)) return [];
  return databases.flatMap((database: unknown, i) => {
    if (!isObject(database)) {
      const name = typeof database === 'string' ? database : 'app';
      return [
        `\`databases[${i}]\` must be an object, got: ${shown(database)}. Give it: { databaseName: '${name}' }`,
      ];
    }
    return typeProblems(database, `databases[${i}].`, ['databaseName']);
  });
}

function typeProblems(props: object, prefix: string, required: readonly string[]): string[] {
  const given = props as Readonly<Record<string, unknown>>;
  return Object.entries(TYPES).flatMap(([name, type]) => {
    const value = given[name];
    if (value === undefined) return required.includes(name) ? [`\`${prefix}${name}\` is missing`] : [];
    if (type === 'array' ? !Array.isArray(value) : typeof value !== type)
      return [
        `\`${prefix}${name}\` must be ${type === 'array' ? 'an array' : `a ${type}`}, got: ${shown(value)}`,
      ];
    return type === 'array' && name !== 'databases' && name !== 'maskedData'
      ? listProblems(`${prefix}${name}`, value as unknown[])
      : [];
  });
}

function classProblems(props: object): string[] {
  const given = props as Readonly<Record<string, unknown>>;
  return Object.entries(CLASSES)
    .filter(([name, { has }]) => given[name] !== undefined && !(isObject(given[name]) && has in given[name]))
    .map(([name, { factories }]) => `\`${name}\` must be made by ${factories}, got: ${shown(given[name])}`);
}

function listProblems(prop: string, values: readonly unknown[]): string[] {
  return values
    .filter((value) => typeof value !== 'string')
    .map((value) => `\`${prop}\` must be a list of strings, got: ${shown(value)}`);
}

/** Returns a value for a message: a text in quotes, an object by the name of its class. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  // In compiled releases of the CDK the name of a class may end in a number, such as DatabaseCluster2.
  if (isObject(value)) return value.constructor?.name.replace(/2$/, '') || 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
