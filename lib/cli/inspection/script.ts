import { type InspectionSpec, inspectionParts } from './parts';
import { psqlCommands } from '../../private/references';

/** Returns the script that a person runs in each database, in place of an inspection by this tool. */
export function inspectionScript(spec: InspectionSpec): string {
  const queries = inspectionParts(spec).map(({ name, sql }) => `-- ${name}\n${trimmed(sql)};`);
  return `-- What cdk-datafold-postgres plan reads of a database. It only reads the catalog and statistics, and changes nothing.
-- Statement texts of pg_stat_statements leave the server without constants; of statements that may set a password only the first words.
--
-- Run it in each database that Datafold is to read, as the administrator of the later deployment, and keep the whole output:
--   ${psqlCommands('DATABASE', '-XAtq -f plan.sql > plan.txt').join('\n--   ')}
--   npx cdk-datafold-postgres plan --cluster ID --sql-result plan.txt
-- The output of other clients works too, one line for each row; of several databases, give --sql-result several times.
SET default_transaction_read_only = on;
SET search_path = pg_catalog, pg_temp;
SET statement_timeout = '120s';
SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'jit';

${queries.join('\n\n')}

RESET default_transaction_read_only;
RESET search_path;
RESET statement_timeout;
`;
}

const trimmed = (sql: string) => sql.replace(/^\s*\n/gm, '').replace(/\n {4,}/g, '\n    ');
