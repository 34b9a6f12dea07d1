import { jsonFor, MAX_ROWS, type Part, part } from './part';

const MAX_TEXT = 1_500;
const MAX_TABLES = 200;

/**
 * The schema of pg_stat_statements, where the extension is installed and its library is loaded, and whether it has the view
 * pg_stat_statements_info: others may create a view of that name, and the functions in it would run as the administrator.
 */
const EXTENSION = `(SELECT n.nspname, EXISTS (
      SELECT FROM pg_depend i JOIN pg_class v ON v.oid = i.objid AND v.relname = 'pg_stat_statements_info'
      WHERE i.refclassid = 'pg_extension'::regclass AND i.refobjid = e.oid AND i.classid = 'pg_class'::regclass AND i.deptype = 'e') AS "hasInfo"
    FROM pg_extension e
    JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
    JOIN pg_class c ON c.oid = d.objid AND c.relname = 'pg_stat_statements' JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE e.extname = 'pg_stat_statements' AND current_setting('pg_stat_statements.max', true) IS NOT NULL OFFSET 0) extension`;

/**
 * Returns a part whose query has the schema of the extension, which is known at run time only: `%1$I` in the query.
 *
 * `query_to_xml` runs a query that is text, in any client and read-only.
 */
function dynamicPart(name: string, query: string): Part {
  const unescaped = `replace(replace(replace(line, '&lt;', '<'), '&gt;', '>'), '&amp;', '&')`;
  return {
    name,
    sql: `SELECT ${jsonFor(name, `${unescaped}::json`)} AS datafold
     FROM (SELECT regexp_split_to_table(query_to_xml(format($query$${query}$query$, nspname), false, false, '')::text, '</?j>') AS line FROM ${EXTENSION}) x
     WHERE line LIKE '{%'`,
  };
}

/** A character of an identifier beyond those of `\w`, which depends on the locale. */
const BEYOND_ASCII = String.raw`[^\x01-\x7f]`;

/**
 * Quoted identifiers, in parentheses, or: comments, string constants, dollar-quoted strings and numbers.
 *
 * The longest match counts, so nothing after a quote is left over. What follows a dollar quote is not told from what is in it.
 */
const TOKENS = String.raw`("([^"]|"")*("|$))|--[^\n\r]*|/\*([^*]|\*+[^*/])*(\*+/|\**$)|'([^']|'')*('|$)|\$(([A-Za-z_]|${BEYOND_ASCII})(\w|${BEYOND_ASCII})*)?\$.*|(?<![\w$]|${BEYOND_ASCII})[0-9][0-9A-Za-z_.]*`;

/** A backslash before a quote may be an escape, and block comments nest, which no regular expression follows. */
const DOUBTFUL = String.raw`\\'|/\*((?!\*/).)*/\*`;

/** SQL for the text of a statement without constants: a character that no statement has stands for them, then a question mark. */
const WITHOUT_CONSTANTS = String.raw`replace(replace(regexp_replace(replace(left(s.query, ${MAX_TEXT}), chr(1), ' '), $c$${TOKENS}$c$, '\1' || chr(1), 'g'),
      '"' || chr(1), '"'), chr(1), '?')`;

/** Statements whose words matter: the server replaces constants in most of them, and none of them sets a password. */
const WITH_TEXT =
  'insert|update|delete|merge|with|select|copy|prepare|explain|truncate|refresh|create(\\s+(or|replace|global|local|temp|temporary|unlogged|recursive|materialized))*\\s+(table|view)';

/** Of other statements only these words at their beginning are shown: an identifier may be the value of a setting. */
const FIRST_WORDS =
  'insert|update|delete|merge|with|select|copy|prepare|explain|truncate|refresh|create|alter|drop|grant|revoke|comment|reassign|cluster|import|security';
const NEXT_WORDS =
  'or|replace|global|local|temp|temporary|unlogged|recursive|materialized|foreign|unique|data|wrapper|table|view|index|function|procedure|aggregate|role|user|group|mapping|server|subscription|publication|extension|schema|database|sequence|type|domain|event|trigger|policy|rule|operator|language|collation|conversion|cast|statistics|tablespace|access|method|text|search|default|privileges|system|large|object|label|on|owned|by|into|from|analyze|as';

/** SQL for the text of a statement without constants, or for its first words where it may have others than constants that are secret. */
const MASKED = String.raw`CASE WHEN left(s.query, ${MAX_TEXT}) !~ $d$${DOUBTFUL}$d$ AND ${WITHOUT_CONSTANTS} ~* $w$^[\s?]*(${WITH_TEXT})\M$w$ THEN ${WITHOUT_CONSTANTS}
    ELSE concat(substring(${WITHOUT_CONSTANTS} FROM $f$(?i)^[\s?]*((${FIRST_WORDS})(\s+(${NEXT_WORDS})\M)*)\M$f$), ' ...') END`;

/** Begins like a statement that log_statement = mod logs. The rest is decided by the words of the statement. */
const LOGGED = String.raw`s.query ~* $l$^(\s|--[^\n]*\n|/\*([^*]|\*+[^*/])*\*+/)*(insert|update|delete|merge|with|create|alter|drop|grant|revoke|comment|truncate|copy|prepare|explain|refresh|reassign|cluster|import|security|select.*\minto)\M$l$`;

const FROM = `FROM %1$I.pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE coalesce((to_jsonb(s) ->> 'toplevel')::boolean, true) AND pg_get_userbyid(s.userid) <> 'rdsadmin'`;

const escaped = (query: string) => query.replaceAll('%', '%%').replaceAll('%%1$I', '%1$I');

/** Since when the statements are counted: the reset of the view (PostgreSQL 14), or of the database's statistics, or the start. */
const SINCE = `coalesce((to_jsonb(i) ->> 'stats_reset')::timestamptz,
    (SELECT max(stats_reset) FROM pg_stat_database WHERE datname IS NOT NULL), pg_postmaster_start_time())`;

/** Returns the queries for the volume of the log. */
export function volumeParts(): Part[] {
  return [
    dynamicPart(
      'statements',
      escaped(`SELECT json_build_object('role', pg_get_userbyid(s.userid), 'database', d.datname, 'text', ${MASKED},
         'octets', octet_length(s.query), 'newlines', length(s.query) - length(replace(s.query, chr(10), '')),
         'parameters', length(s.query) - length(replace(s.query, '$', '')), 'calls', s.calls, 'rows', s.rows)::text AS j
       ${FROM} AND ${LOGGED} ORDER BY s.calls * (octet_length(s.query) + 100) DESC LIMIT ${MAX_ROWS}`),
    ),
    dynamicPart(
      'statement_totals',
      escaped(`SELECT json_build_object('hidden', (SELECT count(*) ${FROM} AND s.query = '<insufficient privilege>'),
         'rest', (SELECT json_build_object('calls', coalesce(sum(r.calls), 0), 'octets', coalesce(sum(r.calls * r.octets), 0))
                  FROM (SELECT s.calls, octet_length(s.query) AS octets ${FROM} AND ${LOGGED}
                        ORDER BY s.calls * (octet_length(s.query) + 100) DESC OFFSET ${MAX_ROWS}) r),
         'dropped', coalesce((to_jsonb(i) ->> 'dealloc')::int8, 0),
         'seconds', extract(epoch FROM now() - ${SINCE})::float8)::text AS j
       FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT * FROM INFO) i ON true`),
    ),
    part(
      'protocols',
      String.raw`SELECT usename AS role, bool_or(query ~ '\$[0-9]') AS "isExtended" FROM pg_stat_activity
       WHERE pid <> pg_backend_pid() AND usename IS NOT NULL AND query ~* '^\s*(insert|update|delete|merge|select|with)\M' AND query ~ '[0-9'']' GROUP BY usename`,
    ),
    part('tables', TABLES),
    part(
      'activity',
      `SELECT datname AS name, tup_inserted + tup_updated + tup_deleted AS "rows", xact_commit AS transactions,
         extract(epoch FROM now() - coalesce(stats_reset, pg_postmaster_start_time()))::float8 AS seconds
       FROM pg_stat_database WHERE datname IS NOT NULL AND datname NOT IN ('template0', 'template1', 'rdsadmin') ORDER BY 2 DESC`,
    ),
  ].map(({ name, sql }) => ({ name, sql: name === 'statement_totals' ? withInfo(sql) : sql }));
}

/** pg_stat_statements_info exists since PostgreSQL 14. */
function withInfo(sql: string): string {
  return sql
    .replace(
      'nspname), false, false',
      `nspname, CASE WHEN NOT "hasInfo" THEN '(SELECT 1) none' ELSE format('%I.pg_stat_statements_info', nspname) END), false, false`,
    )
    .replace('SELECT * FROM INFO', 'SELECT * FROM %2$s');
}

/** The tables that get most rows, with the average length of a value as text: by the statistics for texts, else by the type. */
const TABLES = `SELECT t.schemaname AS schema, t.relname AS name, round(avg(CASE
      WHEN y.typname IN ('int2', 'int4', 'oid') THEN 5 WHEN y.typname = 'int8' THEN 8 WHEN y.typname IN ('numeric', 'float4', 'float8') THEN 7
      WHEN y.typname = 'bool' THEN 4 WHEN y.typname = 'date' THEN 12 WHEN y.typname IN ('timestamp', 'timestamptz') THEN 28 WHEN y.typname = 'uuid' THEN 38
      WHEN y.typname = 'bytea' THEN 2 * coalesce(s.avg_width, 16) + 4 ELSE coalesce(s.avg_width, 12) + 1 END))::int AS "valueBytes"
    FROM (SELECT relid, schemaname, relname FROM pg_stat_user_tables WHERE n_tup_ins > 0 ORDER BY n_tup_ins DESC LIMIT ${MAX_TABLES}) t
    JOIN pg_attribute a ON a.attrelid = t.relid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type y ON y.oid = a.atttypid
    LEFT JOIN pg_stats s ON s.schemaname = t.schemaname AND s.tablename = t.relname AND s.attname = a.attname AND NOT s.inherited
    GROUP BY t.schemaname, t.relname`;
