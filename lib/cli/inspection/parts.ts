import { actingRightsQuery } from '../../handler/sql-runner/catalog/acting-rights';
import {
  creatorsWithoutDefaultQuery,
  possibleCreatorsQuery,
} from '../../handler/sql-runner/catalog/creators';
import { isMark } from '../../handler/sql-runner/catalog/marks';
import { readProblemsQuery, VIEWS_IN_VIEWS_QUERY } from '../../handler/sql-runner/catalog/read-problems';
import { relationGroupsQuery } from '../../handler/sql-runner/catalog/relation-groups';
import { OF_AN_EXTENSION, RELATION_KINDS } from '../../handler/sql-runner/catalog/relations';
import { schemasQuery } from '../../handler/sql-runner/catalog/schemas';
import { SERVER_QUERY } from '../../handler/sql-runner/catalog/server';
import {
  otherDatabasesQuery,
  unexpectedPrivilegesQuery,
} from '../../handler/sql-runner/catalog/unexpected-privileges';
import { LOG_OVERRIDES_QUERY } from '../../handler/sql-runner/verify/log-overrides';
import { Expression, inSql, oidOf, type Part, part, quoted, readerFor, withEnd } from './part';
import { volumeParts } from './volume-parts';

/** The names that an inspection depends on. */
export interface InspectionSpec {
  readonly roleName: string;
  readonly tempSchema: string;
  /** The only schemas to read; without them all, but those of PostgreSQL, of extensions and of RDS. */
  readonly schemas?: readonly string[];
  readonly excludeSchemas?: readonly string[];
}

const MAX_PRIVILEGES = 20;

const UNLESS_INTERNAL = `(n.nspname = 'public' OR n.nspowner NOT IN (SELECT r.oid FROM pg_roles r WHERE r.rolname = 'rdsadmin' AND r.rolsuper))
      AND n.oid NOT IN (SELECT e.objid FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.deptype = 'e')`;

/** SQL for the oids of the schemas that are granted. */
function selectedSchemas({ tempSchema, schemas, excludeSchemas = [] }: InspectionSpec): string {
  const list = (names: readonly string[]) => names.map(quoted).join(', ');
  return `ARRAY(SELECT n.oid FROM pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN (${list(['information_schema', tempSchema, ...excludeSchemas])})
      AND ${schemas ? `n.nspname IN (${list(schemas)})` : UNLESS_INTERNAL})`;
}

/** SQL for the schemas and owners of relations, each pair once. */
const makersIn = (selected: string) => `(SELECT DISTINCT c.relnamespace, c.relowner FROM pg_class c
    WHERE c.relkind IN ${RELATION_KINDS} AND c.relnamespace = ANY (${selected}) AND NOT ${OF_AN_EXTENSION}) m`;

/** SQL for the privilege that allows SET ROLE, in any version. */
const SET = `CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END`;

/** Returns the queries that show what a deployment meets in a database. All of them only read the catalog and statistics. */
export function inspectionParts(spec: InspectionSpec): Part[] {
  const { roleName, tempSchema } = spec;
  const [reader, role, selected] = [readerFor(roleName), oidOf(roleName), selectedSchemas(spec)];
  const makers = makersIn(selected);
  const sorted = `FROM ${makers} ORDER BY m.relnamespace, m.relowner`;
  const [inRole, inSchemas] = [new Expression(role), new Expression(selected)];
  const inMakers = {
    schemas: new Expression(`ARRAY(SELECT m.relnamespace ${sorted})`),
    creators: new Expression(`ARRAY(SELECT m.relowner ${sorted})`),
  };
  const creators = `SELECT NULL AS through, ARRAY[pg_get_userbyid(m.creator)::text] AS roles, 1 AS "roleCount",
      (array_agg(n.nspname::text ORDER BY n.nspname))[1 : 3] AS schemas, count(*)::int AS "schemaCount", true AS "isCovered"
    FROM (${inSql(creatorsWithoutDefaultQuery(inRole, inSchemas, inMakers))}) m JOIN pg_namespace n ON n.oid = m.schema GROUP BY m.creator
    UNION ALL SELECT through, roles, "roleCount", schemas, "schemaCount", false
    FROM (${inSql(possibleCreatorsQuery(inRole, inSchemas, inMakers))}) p`;
  const problems = inSql(readProblemsQuery(reader, inSchemas, { rowSecurity: true, unreachable: [] }));
  const owners = `ARRAY(SELECT m.relowner FROM ${makers} UNION SELECT CASE WHEN pg_get_userbyid(n.nspowner) = 'pg_database_owner'
      THEN d.datdba ELSE n.nspowner END FROM pg_namespace n, pg_database d WHERE n.oid = ANY (${selected}) AND d.datname = current_database())`;
  return [
    part(
      'server',
      `SELECT s.*, current_setting('server_version') AS version, current_setting('log_statement') AS "logStatement",
         pg_is_in_recovery() AS "isStandby", has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchemas",
         EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoted(roleName)}) AS "roleExists",
         coalesce((SELECT ${isMark(`shobj_description(oid, 'pg_authid')`)} FROM pg_roles WHERE rolname = ${quoted(roleName)}), false) AS "roleIsMarked",
         (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = ${quoted(tempSchema)}) AS "tempSchemaOwner"
       FROM (${inSql(SERVER_QUERY)}) s`,
    ),
    part(
      'schemas',
      `SELECT s.name, s."ownerName", s.usage, s."create", s."adminUsage", s.internal, s."isSystem", s."isLegible", s.comment, s.oid = ANY (${selected}) AS "isSelected"
       FROM (${inSql(schemasQuery(new Expression(`NULLIF(${role}, 0::oid)`)))}) s WHERE NOT s."isSystem"`,
    ),
    part(
      'relations',
      `SELECT n.nspname AS "schemaName", pg_get_userbyid(g.owner) AS "ownerName", g.relations, g.missing
       FROM (${inSql(relationGroupsQuery(inRole, inSchemas))}) g JOIN pg_namespace n ON n.oid = g.schema ORDER BY n.nspname, 2`,
    ),
    part(
      'owners',
      `SELECT o.name, o."isSuperuser", o.usage, o.set, o."adminOption" FROM (${inSql(actingRightsQuery(SET, new Expression(owners)))}) o ORDER BY o.name`,
    ),
    part('creators', creators),
    part(
      'problems',
      `SELECT p.relation::int8, p.kind, p.schema, p.name, p.detail, p.reader, p."isCurrentUser", p.policies, p."isShown", p."isNameTaken",
         n.nspname AS "relationSchema", c.relname AS "relationName", n.oid = ANY (${selected}) AS "isSelected"
       FROM (${problems}) p JOIN pg_class c ON c.oid = p.relation JOIN pg_namespace n ON n.oid = c.relnamespace`,
    ),
    part(
      'views',
      `SELECT v.below::int8, v.view::int8, n.nspname AS "relationSchema", c.relname AS "relationName", n.oid = ANY (${selected}) AS "isSelected"
       FROM (${inSql(VIEWS_IN_VIEWS_QUERY)}) v JOIN pg_class c ON c.oid = v.view JOIN pg_namespace n ON n.oid = c.relnamespace`,
    ),
    // Privileges on parameters exist since PostgreSQL 15 only, and the text is the same for all versions.
    part('privileges', inSql(unexpectedPrivilegesQuery(reader, tempSchema, 0, MAX_PRIVILEGES))),
    part(
      'databases',
      `SELECT d.* FROM (${inSql(otherDatabasesQuery(reader, ['template1', 'rdsadmin']))}) d WHERE d.name <> current_database()`,
    ),
    part('overrides', inSql(LOG_OVERRIDES_QUERY)),
    ...volumeParts(),
  ].map(withEnd);
}
