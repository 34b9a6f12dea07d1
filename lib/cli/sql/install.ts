import { readCreatorsWithoutDefault } from '../../handler/sql-runner/catalog/creators';
import { readDatabase } from '../../handler/sql-runner/catalog/database';
import { readMissingRelations } from '../../handler/sql-runner/catalog/missing-relations';
import { readRelationGroups } from '../../handler/sql-runner/catalog/relation-groups';
import { readSchemas, type SchemaFacts } from '../../handler/sql-runner/catalog/schemas';
import { ident, literal } from '../../handler/sql-runner/identifiers';
import { planRelations, planSchemaUsage } from '../../handler/sql-runner/plan/grants';
import { SECRET_SCHEMAS } from '../../handler/sql-runner/plan/secret-schemas';
import { planTempSchema } from '../../handler/sql-runner/plan/temp-schema';
import type { Statement } from '../../handler/sql-runner/plan/statement';
import { MAKERS, NO_LIMIT, queryOf, ROLE, SCHEMAS } from './capture';
import { futurePart, withoutInherited } from './default-privileges';
import { isOurs, ownerOf, withMark } from './marker';
import { rolePart } from './role';
import { EXCLUDED_OWNERS, excludedPart, learnExcluded, revokesExcluded } from './excluded-tables';
import { borrow, GIVE_BACK } from './membership';
import { formatted, HOLE_1, HOLE_2 } from './template';
import { arrayOf, comment, connectTo, learn, oids, onlyIf, runRows, SETTINGS, texts, legible } from './text';
import type { SqlWish } from './wish';

const lines = (statements: readonly Statement[], wish: SqlWish) =>
  statements.map(({ text }) => `${withMark(text, wish)};`);

/** The statements that make the role and let it read, with why. */
export async function installScript(wish: SqlWish): Promise<string> {
  const parts = [header(wish), rolePart(wish)];
  for (const database of wish.databases) parts.push(await databasePart(wish, database));
  return `${parts.join('\n\n')}\n`;
}

function header({ roleName, databases }: SqlWish): string {
  return [
    comment(
      `Lets Datafold read ${databases.map(ident).join(', ')} as the role ${ident(roleName)}.`,
      '',
      'Run it with psql (10 or later) as the administrator of the server:',
      '  psql -h HOST -U ADMIN -d postgres -f THIS_FILE',
      'It may be run again, for new schemas, new owners of tables and after a failure: what is there is left as it is.',
      'Queries that end in \\gset only look. The rows of those that end in \\gexec are statements, printed before they are run:',
      'to see them and run none, replace \\gexec by a semicolon.',
    ),
    SETTINGS,
  ].join('\n');
}

async function databasePart(wish: SqlWish, database: string): Promise<string> {
  return [
    comment(`==== Database ${ident(database)}`),
    connectTo(database),
    'BEGIN;',
    '',
    await schemasPart(wish),
    '',
    await connectPart(wish, database),
    '',
    await tempSchemaPart(wish),
    '',
    await lackingPart(wish),
    '',
    membershipPart(wish),
    '',
    readingPart(wish),
    ...(wish.futureTables ? ['', await futurePart(wish)] : []),
    ...excludedPart(wish),
    '',
    GIVE_BACK,
    'COMMIT;',
  ].join('\n');
}

/** An aggregate that becomes a variable: an array of oids. */
const array = (column: string, name: string, where = '') =>
  `coalesce(array_agg(${column})${where && ` FILTER (WHERE ${where})`}, '{}')::text AS ${name}`;

async function schemasPart({ schemas, exclude, tempSchema }: SqlWish): Promise<string> {
  const query = await queryOf((session) => readSchemas(session, ROLE));
  const wanted =
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
    comment('2. The schemas that Datafold reads, and those of them in which the role lacks USAGE.'),
    learn(`SELECT ${arrays.join(',\n       ')}\nFROM (\n${query}\n) s\nWHERE ${wanted}`),
    ...(schemas.length > 0
      ? []
      : [
          comment('Those that mostly hold keys, password hashes or tokens; leave them out by --exclude.'),
          `SELECT nspname AS holds_secrets FROM pg_namespace WHERE oid = ANY (${arrayOf('schemas')}) AND nspname = ANY (${texts(SECRET_SCHEMAS)});`,
        ]),
  ].join('\n');
}

async function connectPart({ roleName }: SqlWish, database: string): Promise<string> {
  const query = await queryOf((session) => readDatabase(session, ROLE));
  const statement = `GRANT CONNECT ON DATABASE ${ident(database)} TO ${ident(roleName)}`;
  return [
    comment('3. CONNECT, unless everybody may connect.'),
    runRows(`SELECT ${literal(statement).trim()} FROM (\n${query}\n) d WHERE NOT d.connect`),
  ].join('\n');
}

async function tempSchemaPart(wish: SqlWish): Promise<string> {
  const { tempSchema, adoptExisting } = wish;
  const query = await queryOf((session) => readSchemas(session, undefined));
  const ours = `SELECT FROM (\n${query}\n) s WHERE s.name = ${literal(tempSchema)} AND ${isOurs('s.comment')}`;
  const there = `SELECT FROM pg_namespace WHERE nspname = ${literal(tempSchema)}`;
  const plan = planTempSchema({ ...wish, name: tempSchema, owner: ownerOf(wish) }, undefined, undefined);
  const grant = `GRANT ALL ON SCHEMA ${ident(tempSchema)} TO ${ident(wish.roleName)};`;
  return [
    comment(
      '4. The schema for temporary tables: the only place where the role may write. One that somebody else owns is not taken',
      'for that of this script, whatever its comment says.',
    ),
    learn(`SELECT EXISTS (${ours}) AS is_ours`),
    learn(`SELECT NOT ${adoptExisting ? `EXISTS (${there})` : `:'is_ours'::boolean`} AS make_schema`),
    onlyIf(
      'make_schema',
      [...lines(plan, wish), ...withoutInherited(tempSchema)],
      [
        ...(adoptExisting
          ? [
              onlyIf(
                'is_ours',
                [],
                [
                  `\\echo Adopted: the schema ${legible(tempSchema)} was there before and was not made by this script. Its owner:`,
                  `SELECT nspowner::regrole AS owner FROM pg_namespace WHERE nspname = ${literal(tempSchema)};`,
                ],
              ),
            ]
          : []),
        grant,
      ],
    ),
  ].join('\n');
}

/** Learns what is lacking: relations, and roles whose future tables would be. */
async function lackingPart(wish: SqlWish): Promise<string> {
  const { futureTables, owners, excludeTables } = wish;
  const page = { after: 0, limit: NO_LIMIT };
  const missing = await queryOf((session) =>
    readMissingRelations(session, ROLE, SCHEMAS, page, excludeTables),
  );
  const groups = await queryOf((session) => readRelationGroups(session, ROLE, SCHEMAS));
  const found = await queryOf((session) => readCreatorsWithoutDefault(session, ROLE, SCHEMAS, MAKERS));
  const named = `SELECT s.schema, c.creator FROM unnest(${arrayOf('schemas')}) AS s (schema), unnest(${oids('regrole', owners)}) AS c (creator)`;
  const relations = [array('m.oid', 'missing'), array('m.owner', 'missing_owners')].join(', ');
  const makers = [array('g.schema', 'maker_schemas'), array('g.owner', 'maker_owners')].join(', ');
  const creators = [array('c.schema', 'creator_schemas'), array('c.creator', 'creators')].join(', ');
  const byCatalog = futureTables && owners.length === 0;
  return [
    comment(
      '5. What is lacking. Tables, partitions, views, materialized views and foreign tables that the role can not read;',
    ),
    learn(`SELECT ${relations}\nFROM (\n${missing}\n) m`),
    ...(await learnExcluded(wish)),
    ...(byCatalog
      ? [
          comment('who has made tables where;'),
          learn(`SELECT ${makers}\nFROM (\n${groups}\n) g WHERE g."isMaker"`),
        ]
      : []),
    ...(futureTables
      ? [
          comment('and roles whose future tables the role could not read.'),
          learn(`SELECT ${creators}\nFROM (\n${byCatalog ? found : named}\n) c`),
        ]
      : []),
  ].join('\n');
}

function membershipPart(wish: SqlWish): string {
  const owners = [
    'usage_owners',
    'missing_owners',
    ...(wish.futureTables ? ['creators'] : []),
    ...(revokesExcluded(wish) ? [EXCLUDED_OWNERS] : []),
  ].map(arrayOf);
  return [
    comment(
      '6. Only the owner of a table may grant it, and members of the owner. What you are no member of you become one of,',
      'until the end of this transaction. Who may not fails here: run it as an administrator who may.',
    ),
    borrow(owners.join(' || ')),
  ].join('\n');
}

function readingPart({ roleName }: SqlWish): string {
  const schema = { oid: 1, name: HOLE_1, owner: 1, usage: false } as SchemaFacts;
  const usage = formatted(planSchemaUsage(roleName, [schema]), { [HOLE_1]: 'n.nspname' });
  const relation = { oid: 1, schema: 1, owner: 1, name: HOLE_2 };
  const plan = planRelations(roleName, [schema], [relation], () => 'direct');
  const select = formatted(plan, { [HOLE_1]: 'n.nspname', [HOLE_2]: 'c.relname' });
  return [
    comment('7. Reading, and nothing else.'),
    runRows(`SELECT ${usage} FROM pg_namespace n WHERE n.oid = ANY (${arrayOf('usage_schemas')})`),
    runRows(
      `SELECT ${select}\nFROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (${arrayOf('missing')})`,
    ),
  ].join('\n');
}
