import { type Session, statementTimeout } from '../connection/session';
import { literal } from '../identifiers';

/** A setting with the value that new sessions of the current user start with. */
export interface SessionSetting {
  readonly name: string;
  readonly value: string;
  /** PostgreSQL's built-in default. */
  readonly builtIn: string;
  /** The role and the database that the setting belongs to; null if it is not specific to one. */
  readonly roleName: string | null;
  readonly databaseName: string | null;
  readonly isSetFor: boolean;
}

/** SQL for the setting with the highest precedence: role in database, role, database, all roles. */
const PLACE = `SELECT r.rolname, d.datname, true AS found FROM pg_db_role_setting p CROSS JOIN LATERAL unnest(p.setconfig) c (text)
  LEFT JOIN pg_roles r ON r.oid = p.setrole LEFT JOIN pg_database d ON d.oid = p.setdatabase
  WHERE lower(split_part(c.text, '=', 1)) = lower(s.name) AND (p.setdatabase = 0 OR d.datname = current_database())
    AND (p.setrole = 0 OR r.rolname = session_user)
  ORDER BY p.setrole <> 0 AND p.setdatabase <> 0 DESC, p.setrole <> 0 DESC, p.setdatabase <> 0 DESC LIMIT 1`;

/** Reads the settings `names`, and `role` if sessions act as another role than the one that logged in. */
export async function readSessionSettings(
  session: Session,
  names: readonly string[],
): Promise<SessionSetting[]> {
  return session.rows<SessionSetting>(
    `SELECT s.name, s.value, s."builtIn", place.rolname AS "roleName", place.datname AS "databaseName", coalesce(place.found, false) AS "isSetFor"
     FROM (SELECT name, reset_val AS value, boot_val AS "builtIn" FROM pg_settings WHERE name = ANY ($1::text[])
           UNION ALL SELECT 'role', current_user, 'none' WHERE current_user <> session_user) s
     LEFT JOIN LATERAL (${PLACE}) place ON true
     ORDER BY s.name`,
    [names],
  );
}

/** How long a statement with the settings of the user waits for a lock, if these settings set no limit. */
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Runs `work` with the settings that new sessions of the user start with, then restores those of this session.
 *
 * Timeouts without a limit get one: another session of the user may hold a lock for ever, for example on the name of a new table.
 */
export async function withOwnSettings<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const ours = await session.rows<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE source = 'session'`,
  );
  const set = ours.map(
    ({ name, setting }) => `pg_catalog.set_config(${literal(name)}, ${literal(setting)}, false)`,
  );
  await session.run(
    `RESET ALL; RESET role;
     SELECT pg_catalog.set_config(s.name, s.value, false)
     FROM (VALUES ('lock_timeout', '${LOCK_TIMEOUT_MS}'), ('statement_timeout', '${statementTimeout(session.deadline)}')) AS s (name, value)
     WHERE pg_catalog.current_setting(s.name) OPERATOR(pg_catalog.=) '0'`,
  );
  try {
    return await work();
  } finally {
    // The connection may be lost.
    if (set.length > 0)
      await session.run(`SET statement_timeout = 0; SELECT ${set.join(', ')}`).catch(() => undefined);
  }
}
