import { creatorsWithoutDefaultQuery } from '../../handler/sql-runner/catalog/creators';
import { databaseQuery } from '../../handler/sql-runner/catalog/database';
import { NO_LIMIT } from '../../handler/sql-runner/catalog/grants';
import { missingRelationsQuery } from '../../handler/sql-runner/catalog/missing-relations';
import { relationGroupsQuery } from '../../handler/sql-runner/catalog/relation-groups';
import { schemasQuery, type SchemaFacts } from '../../handler/sql-runner/catalog/schemas';
import { ident, literal } from '../../handler/sql-runner/identifiers';
import { planRelations, planSchemaUsage } from '../../handler/sql-runner/plan/grants';
import { SECRET_SCHEMAS } from '../../handler/sql-runner/plan/secret-schemas';
import { planTempSchema } from '../../handler/sql-runner/plan/temp-schema';
import type { Statement } from '../../handler/sql-runner/plan/statement';
import { inPsql, MAKERS, ROLE, SCHEMAS } from './psql-variable';
import { futurePart, withoutInherited } from './default-privileges';
import { isOurs, ownerOf, withMark } from './marker';
import { rolePart } from './role';
import { EXCLUDED_OWNERS, excludedPart, readExcluded, revokesExcluded } from './excluded-tables';
import { borrow, RESTORE_MEMBERSHIPS } from './membership';
import {
  formatted,
  PLACEHOLDER_1,
  PLACEHOLDER_2,
  arrayOf,
  comment,
  connectTo,
  gset,
  oids,
  onlyIf,
  gexec,
  SETTINGS,
  texts,
} from './text';
import type { SqlOptions } from './options';
import { grantAllOnSchema, grantConnect } from '../../handler/sql-runner/plan/privileges';
import { psqlCommands } from '../../private/references';

const lines = (statements: readonly Statement[], options: SqlOptions) =>
  statements.map(({ text }) => `${withMark(text, options)};`);

/** Returns the script that creates the role and its grants, with explanations. */
export function installScript(options: SqlOptions): string {
  const parts = [header(options), rolePart(options)];
  for (const database of options.databases) parts.push(databasePart(options, database));
  return `${parts.join('\n\n')}\n`;
}

function header({ roleName, databases }: SqlOptions): string {
  return [
    comment(
      `Lets Datafold read ${databases.map(ident).join(', ')} as the role ${ident(roleName)}.`,
      '',
      'Run it with psql (10 or later) as the administrator of the server:',
      ...psqlCommands('postgres', '-f THIS_FILE').map((command) => `  ${command}`),
      'The script can be run again, for new schemas, for new owners of tables and after a failure: it changes nothing that exists.',
      'Queries that end in \\gset only read. The rows of a query before \\gexec are statements, which are printed, then run.',
      'To only print them, delete the lines \\gexec.',
    ),
    SETTINGS,
  ].join('\n');
}

function databasePart(options: SqlOptions, database: string): string {
  return [
    comment(`==== Database ${ident(database)}`),
    connectTo(database),
    'BEGIN;',
    '',
    schemasPart(options),
    '',
    connectPart(options, database),
    '',
    tempSchemaPart(options),
    '',
    missingPart(options),
    '',
    membershipPart(options),
    '',
    readingPart(options),
    ...(options.futureTables ? ['', futurePart(options)] : []),
    ...excludedPart(options),
    '',
    RESTORE_MEMBERSHIPS,
    'COMMIT;',
  ].join('\n');
}

/** An aggregate that becomes a psql variable with an array of oids. */
const array = (column: string, name: string, where = '') =>
  `coalesce(array_agg(${column})${where && ` FILTER (WHERE ${where})`}, '{}')::text AS ${name}`;

function schemasPart({ schemas, exclude, tempSchema }: SqlOptions): string {
  const query = inPsql(schemasQuery(ROLE));
  const desired =
    schemas.length > 0
      ? `s.oid = ANY (${oids('regnamespace', schemas)})`
      : `NOT s.internal AND s.name <> ALL (${texts([tempSchema, ...exclude])}) AND s.comment IS NULL`;
  const usage = 'NOT s.usage';
  const arrays = [
    array('s.oid', 'schemas'),
    array('s.oid', 'usage_schemas', usage),
    array('s.owner', 'usage_owners', usage),
  ];
  return [
    comment('2. The schemas that Datafold reads, and the schemas among them in which the role lacks USAGE.'),
    gset(`SELECT ${arrays.join(',\n       ')}\nFROM (\n${query}\n) s\nWHERE ${desired}`),
    ...(schemas.length > 0
      ? []
      : [
          comment('Schemas that usually contain keys, password hashes or tokens.'),
          `SELECT format('Notice: the schema %I usually contains keys, password hashes or tokens. To exclude it, print the script with --exclude.', nspname)
FROM pg_namespace WHERE oid = ANY (${arrayOf('schemas')}) AND nspname = ANY (${texts(SECRET_SCHEMAS)});`,
        ]),
  ].join('\n');
}

function connectPart({ roleName }: SqlOptions, database: string): string {
  const query = inPsql(databaseQuery(ROLE));
  const statement = grantConnect(database, roleName);
  return [
    comment('3. CONNECT, unless PUBLIC may connect.'),
    gexec(`SELECT ${literal(statement).trim()} FROM (\n${query}\n) d WHERE NOT d.connect`),
  ].join('\n');
}

function tempSchemaPart(options: SqlOptions): string {
  const { tempSchema, adoptExisting } = options;
  const query = inPsql(schemasQuery(undefined));
  const ours = `SELECT FROM (\n${query}\n) s WHERE s.name = ${literal(tempSchema)} AND ${isOurs('s.comment')}`;
  const there = `SELECT FROM pg_namespace WHERE nspname = ${literal(tempSchema)}`;
  const plan = planTempSchema(
    { ...options, name: tempSchema, owner: ownerOf(options) },
    undefined,
    undefined,
  );
  const grant = `${grantAllOnSchema(tempSchema, options.roleName)};`;
  return [
    comment(
      '4. The schema for temporary tables: the only place where the role may write. A schema that another role owns is not trusted,',
      'whatever its comment says.',
    ),
    gset(`SELECT EXISTS (${ours}) AS is_ours`),
    gset(`SELECT NOT ${adoptExisting ? `EXISTS (${there})` : `:'is_ours'::boolean`} AS make_schema`),
    onlyIf(
      'make_schema',
      [...lines(plan, options), ...withoutInherited(tempSchema)],
      [
        ...(adoptExisting
          ? [
              onlyIf(
                'is_ours',
                [],
                [
                  `SELECT format('Adopted: the schema %I already exists and was not created by this script. Its owner is %s.', nspname, nspowner::regrole)
FROM pg_namespace WHERE nspname = ${literal(tempSchema)};`,
                ],
              ),
            ]
          : []),
        grant,
      ],
    ),
  ].join('\n');
}

/** Reads the relations and the roles whose future tables the role cannot read. */
function missingPart(options: SqlOptions): string {
  const { futureTables, owners, excludeTables } = options;
  const page = { after: 0, limit: NO_LIMIT };
  const missing = inPsql(missingRelationsQuery(ROLE, SCHEMAS, page, excludeTables));
  const groups = inPsql(relationGroupsQuery(ROLE, SCHEMAS));
  const found = inPsql(creatorsWithoutDefaultQuery(ROLE, SCHEMAS, MAKERS));
  const named = `SELECT s.schema, c.creator FROM unnest(${arrayOf('schemas')}) AS s (schema), unnest(${oids('regrole', owners)}) AS c (creator)`;
  const relations = [array('m.oid', 'missing'), array('m.owner', 'missing_owners')].join(', ');
  const makers = [array('g.schema', 'maker_schemas'), array('g.owner', 'maker_owners')].join(', ');
  const creators = [array('c.schema', 'creator_schemas'), array('c.creator', 'creators')].join(', ');
  const byCatalog = futureTables && owners.length === 0;
  return [
    comment(
      '5. Missing grants. Tables, partitions, views, materialized views and foreign tables that the role cannot read;',
    ),
    gset(`SELECT ${relations}\nFROM (\n${missing}\n) m`),
    ...readExcluded(options),
    ...(byCatalog
      ? [
          comment('owners of tables in each schema;'),
          gset(`SELECT ${makers}\nFROM (\n${groups}\n) g WHERE g."isMaker"`),
        ]
      : []),
    ...(futureTables
      ? [
          comment('roles whose future tables the role could not read.'),
          gset(`SELECT ${creators}\nFROM (\n${byCatalog ? found : named}\n) c`),
        ]
      : []),
  ].join('\n');
}

function membershipPart(options: SqlOptions): string {
  const owners = [
    'usage_owners',
    'missing_owners',
    ...(options.futureTables ? ['creators'] : []),
    ...(revokesExcluded(options) ? [EXCLUDED_OWNERS] : []),
  ].map(arrayOf);
  return [
    comment(
      '6. Only the owner of a table and its members may grant privileges on it. The administrator becomes a member of all owners',
      'until the end of this transaction. This fails if that is not allowed: run the script as another administrator.',
    ),
    borrow(owners.join(' || ')),
  ].join('\n');
}

function readingPart({ roleName }: SqlOptions): string {
  const schema = { oid: 1, name: PLACEHOLDER_1, owner: 1, usage: false } as SchemaFacts;
  const usage = formatted(planSchemaUsage(roleName, [schema]), { [PLACEHOLDER_1]: 'n.nspname' });
  const relation = { oid: 1, schema: 1, owner: 1, name: PLACEHOLDER_2 };
  const plan = planRelations(roleName, [schema], [relation], () => 'direct');
  const select = formatted(plan, { [PLACEHOLDER_1]: 'n.nspname', [PLACEHOLDER_2]: 'c.relname' });
  return [
    comment('7. SELECT, and no other privilege.'),
    gexec(`SELECT ${usage} FROM pg_namespace n WHERE n.oid = ANY (${arrayOf('usage_schemas')})`),
    gexec(
      `SELECT ${select}\nFROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (${arrayOf('missing')})`,
    ),
  ].join('\n');
}
