import type { AccessSpec, DatabaseSpec } from '../../../private/wire/sql';
import type { DatabaseReport, SettingReport, StepResult } from '../../../private/wire/sql-reports';
import { relationGroupsQuery, type RelationGroup } from '../catalog/relation-groups';
import { schemasQuery, type SchemaFacts } from '../catalog/schemas';
import type { SessionFacts } from '../catalog/session-facts';
import { readUnreadable, type UnreadableRelation } from '../catalog/unreadable';
import type { Session } from '../connection/session';
import { ident, qualified } from '../identifiers';
import { selectSchemas } from '../plan/select-schemas';
import type { CatalogSnapshot } from '../work/database-work';
import type { WithAnotherSession } from './foreign-servers';
import { inspect, type Inspection } from './inspect';
import { findReadableExcluded } from './readable-excluded';
import { findReadProblems, NO_PROBLEMS, type ReadProblems } from './read-problems';
import { checkTempTable } from './temp-table-check';
import { grantSelect, grantUsage } from '../plan/privileges';

const MAX_LISTED = 20;

/** The parameters of a verification. */
interface Verification {
  readonly access: AccessSpec;
  readonly spec: DatabaseSpec;
  readonly adminName: string;
  readonly withAnotherSession: WithAnotherSession;
  readonly snapshot?: CatalogSnapshot;
  /** The databases that the request names; if set, other databases are reported. */
  readonly named?: readonly string[];
  /** Reads attributes, memberships and members of the role, unless an apply has done so. */
  readonly readPowers?: (session: Session) => Promise<string[]>;
  /** The result of an earlier inspection. */
  readonly inspection?: Inspection;
}

/**
 * Runs the four steps of Datafold's connection test as the role. With the `snapshot` of a run that changed at most SELECT on
 * relations, it creates no table in the temp schema and counts only changed schemas again.
 */
export async function verifyDatabase(session: Session, verification: Verification): Promise<DatabaseReport> {
  const { access, spec, adminName, snapshot, named, inspection } = verification;
  if (inspection) await session.run('RESET role'); // the inspection may have used another session
  const { facts, settings, ...found } = inspection ?? (await inspect(session, access, named));
  const schemas = snapshot?.schemas ?? (await session.query(schemasQuery(facts.oid, adminName)));
  const { granted } = selectSchemas(schemas, spec, access.tempSchema);
  const oids = granted.map((schema) => schema.oid);
  const groups = await countRelations(session, facts.oid, oids, spec, snapshot);
  const counts = countsOf(granted, groups, spec);
  const unreadable = await listUnreadable(session, oids, counts, verification);
  const open = granted.filter((schema) => schema.usage).map((schema) => schema.oid);
  const mayHaveProblems =
    facts.hasForeignOrExtensionRelations || groups.some((group) => group.hasMoreThanTables);
  const rowSecurity = !settings.some(({ setting }) => setting === 'row_security');
  const { withAnotherSession } = verification;
  const problems = mayHaveProblems
    ? await findReadProblems(session, open, access.roleName, { rowSecurity, withAnotherSession })
    : NO_PROBLEMS;
  const excluded = spec.excludeTables && (await findReadableExcluded(session, open, spec, access.roleName));
  const powers = await verification.readPowers?.(session);
  const furtherAccess = (excluded ?? powers ?? found.furtherAccess) && [
    ...(excluded ?? []),
    ...(powers ?? []),
    ...(found.furtherAccess ?? []),
  ];
  return {
    databaseName: spec.databaseName,
    schemas: counts.schemas,
    relations: counts.relations,
    unreadable,
    unreadableCount: counts.unreadable + counts.closedAndEmpty.length,
    logStatement: facts.logStatement,
    ...found,
    ...problems,
    settings,
    ...(furtherAccess && { furtherAccess }),
    steps: [
      connectionStep(access, spec, facts),
      await tempSchemaStep(session, access.tempSchema, schemas, snapshot ? undefined : settings),
      schemaStep(access, counts, problems),
      lineageStep(facts.logStatement),
    ],
  };
}

/** How many of the relations in the granted schemas the role can read. */
interface Counts {
  readonly schemas: number;
  /** Schemas without USAGE. */
  readonly closed: number;
  readonly relations: number;
  /** Relations without USAGE or SELECT. */
  readonly unreadable: number;
  /** Schemas that the request names, without USAGE and without relations: later relations need it. */
  readonly closedAndEmpty: readonly SchemaFacts[];
}

function countsOf(
  granted: readonly SchemaFacts[],
  groups: readonly RelationGroup[],
  { schemas: named }: DatabaseSpec,
): Counts {
  const closed = granted.filter((schema) => !schema.usage);
  const isClosed = new Set(closed.map((schema) => schema.oid));
  const sum = (count: (group: RelationGroup) => number) =>
    groups.reduce((total, group) => total + count(group), 0);
  return {
    schemas: granted.length,
    closed: closed.length,
    relations: sum((group) => group.relations),
    unreadable: sum((group) => (isClosed.has(group.schema) ? group.relations : group.missing)),
    closedAndEmpty: named ? closed.filter(({ oid }) => !groups.some(({ schema }) => schema === oid)) : [],
  };
}

/** Returns the first unreadable relations and schemas, each with the statement for its owner. */
async function listUnreadable(
  session: Session,
  schemas: number[],
  { unreadable, closedAndEmpty }: Counts,
  { access: { roleName }, spec }: Verification,
): Promise<DatabaseReport['unreadable']> {
  const relations =
    unreadable === 0 ? [] : await readUnreadable(session, schemas, MAX_LISTED, spec.excludeTables);
  return [
    ...relations.map((relation) => ({
      relation: `${qualified(relation.schema, relation.name)} of ${ident(relation.owner)}`,
      statement: statementFor(relation, roleName),
    })),
    ...closedAndEmpty.map(({ name, ownerName }) => ({
      relation: `schema ${ident(name)} of ${ident(ownerName)}`,
      statement: `${grantUsage(ident(name), roleName)};`,
    })),
  ].slice(0, MAX_LISTED);
}

/** Counts relations again only in schemas in which SELECT was missing: in the other schemas nothing changed. */
async function countRelations(
  session: Session,
  role: number,
  schemas: number[],
  { excludeTables }: DatabaseSpec,
  snapshot: CatalogSnapshot = { schemas: [], groups: [] },
): Promise<RelationGroup[]> {
  const missing = new Set(snapshot.groups.filter((group) => group.missing > 0).map((group) => group.schema));
  const settled = new Set(snapshot.schemas.map((schema) => schema.oid).filter((oid) => !missing.has(oid)));
  const open = schemas.filter((oid) => !settled.has(oid));
  const counted =
    open.length === 0 ? [] : await session.query(relationGroupsQuery(role, open, excludeTables));
  return [...snapshot.groups.filter((group) => settled.has(group.schema)), ...counted];
}

function connectionStep(
  { roleName }: AccessSpec,
  { databaseName }: DatabaseSpec,
  { tls, version }: SessionFacts,
): StepResult {
  return {
    step: 'connection',
    ok: true,
    message: `Connected to database ${ident(databaseName)} as ${ident(roleName)} ${tls ? 'over TLS' : 'without TLS'} (PostgreSQL ${version}).`,
  };
}

async function tempSchemaStep(
  session: Session,
  name: string,
  schemas: SchemaFacts[],
  /** If absent, no table is created. */
  settings: readonly SettingReport[] | undefined,
): Promise<StepResult> {
  const step = 'temp_schema';
  const found = schemas.find((schema) => schema.name === name);
  if (!found) return { step, ok: false, message: `Schema ${ident(name)} does not exist.` };
  if (!found.create || !found.usage) {
    return { step, ok: false, message: `The role may not create tables in schema ${ident(name)}.` };
  }
  const problem = settings ? await checkTempTable(session, name, settings) : undefined;
  if (problem !== undefined) return { step, ok: false, message: problem };
  const elsewhere = schemas
    .filter((schema) => schema.create && schema !== found)
    .map((schema) => ident(schema.name));
  const also =
    elsewhere.length === 0 ? '' : ` The role may also create tables in ${elsewhere.slice(0, 5).join(', ')}.`;
  return { step, ok: true, message: `Tables can be created in schema ${ident(name)}.${also}` };
}

function schemaStep(access: AccessSpec, counts: Counts, problems: ReadProblems): StepResult {
  const { failingCount, filteredCount } = problems;
  const { schemas, closed, relations, unreadable, closedAndEmpty } = counts;
  const sentences = [
    `${relations - unreadable - failingCount} of ${relations} relations in ${schemas} schemas can be read.${closed > 0 ? ` USAGE is missing on ${closed} of the schemas.` : ''}`,
    ...(failingCount > 0 ? [`Reading fails for ${failingCount}.`] : []),
    ...(filteredCount > 0 ? [`Rows of ${filteredCount} may be hidden by row-level security.`] : []),
  ];
  const ok =
    unreadable + closedAndEmpty.length === 0 &&
    !(access.onIncompleteRead === 'fail' && failingCount + filteredCount > 0);
  return { step: 'schema_download', ok, message: sentences.join(' ') };
}

function lineageStep(logStatement: string): StepResult {
  const ok = logStatement === 'mod' || logStatement === 'all';
  const advice = ok ? '' : ' Column-level lineage needs mod or all.';
  return { step: 'lineage_download', ok, message: `log_statement is ${logStatement}.${advice}` };
}

/** Returns the statements for the owner that make the relation readable. */
function statementFor({ schema, name, usage, select }: UnreadableRelation, roleName: string): string {
  const statements = [
    ...(usage ? [] : [`${grantUsage(ident(schema), roleName)};`]),
    ...(select ? [] : [`${grantSelect(qualified(schema, name), roleName)};`]),
  ];
  return statements.join(' ');
}
