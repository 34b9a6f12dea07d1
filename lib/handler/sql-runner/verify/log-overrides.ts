import type { Query } from '../connection/queries';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import { OURS } from '../plan/log-exclusions';

/** A setting by which sessions of a database or role log fewer statements than the server. */
export interface LogOverride {
  /** For example `role "etl" in database "app"`. */
  readonly object: string;
  readonly logStatement: string;
  /** The statement that resets the setting. */
  readonly statement: string;
}

/** A row of `LOG_OVERRIDES_QUERY`; null stands for all databases or all roles. */
export interface OverrideRow {
  readonly databaseName: string | null;
  readonly roleName: string | null;
  readonly logStatement: string;
}

const MAX_LISTED = 20;

/** Reads settings of databases and roles that override the server's log_statement in this database, without exclusions by this library. */
export async function readLogOverrides(session: Session): Promise<LogOverride[]> {
  return (await session.query(LOG_OVERRIDES_QUERY)).map(overrideOf);
}

/** Selects the settings of databases and roles that override the server's log_statement. */
export const LOG_OVERRIDES_QUERY: Query<OverrideRow> = {
  text: `SELECT d.datname AS "databaseName", r.rolname AS "roleName", lower(split_part(c.setting, '=', 2)) AS "logStatement"
     FROM pg_db_role_setting s
     CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting)
     LEFT JOIN pg_database d ON d.oid = s.setdatabase
     LEFT JOIN pg_roles r ON r.oid = s.setrole
     WHERE (s.setdatabase = 0 OR d.datname = current_database()) AND c.setting LIKE 'log\\_statement=%'
       AND lower(split_part(c.setting, '=', 2)) NOT IN ('mod', 'all')
       AND split_part(c.setting, '=', 2) <> '${OURS}'
       AND r.rolname IS DISTINCT FROM 'rdsadmin' /* RDS itself, no data of users */
     ORDER BY d.datname NULLS FIRST, r.rolname NULLS FIRST LIMIT ${MAX_LISTED}`,
  values: [],
};

/** Returns the setting in words, with the statement that resets it. */
export function overrideOf({ databaseName, roleName, logStatement }: OverrideRow): LogOverride {
  const database = databaseName === null ? undefined : ident(databaseName);
  if (roleName === null)
    return database === undefined
      ? { object: 'all roles', logStatement, statement: 'ALTER ROLE ALL RESET log_statement;' }
      : {
          object: `database ${database}`,
          logStatement,
          statement: `ALTER DATABASE ${database} RESET log_statement;`,
        };
  const role = ident(roleName);
  const [where, clause] = database ? [` in database ${database}`, ` IN DATABASE ${database}`] : ['', ''];
  return {
    object: `role ${role}${where}`,
    logStatement,
    statement: `ALTER ROLE ${role}${clause} RESET log_statement;`,
  };
}
