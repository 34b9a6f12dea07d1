import type { LogExclusions } from '../../../private/wire/sql';
import type { Session } from '../connection/session';
import type { LogSubject } from '../plan/log-exclusions';

/** Reads the log_statement setting of each role (for all databases) and of each database (for all roles). */
export async function readLogSubjects(
  session: Session,
  { roles, databases }: LogExclusions,
): Promise<LogSubject[]> {
  const rows = await session.rows<Omit<LogSubject, 'logStatement'> & { logStatement: string | null }>(
    `SELECT n.kind, n.name, n.oid IS NOT NULL AS exists,
            (SELECT split_part(c, '=', 2) FROM pg_db_role_setting s, unnest(s.setconfig) AS c
             WHERE c LIKE 'log\\_statement=%' AND s.setrole = CASE n.kind WHEN 'role' THEN n.oid ELSE 0 END
               AND s.setdatabase = CASE n.kind WHEN 'role' THEN 0 ELSE n.oid END) AS "logStatement"
     FROM (SELECT 'role' AS kind, r.name, (SELECT oid FROM pg_roles WHERE rolname = r.name) FROM unnest($1::text[]) AS r (name)
           UNION ALL
           SELECT 'database', d.name, (SELECT oid FROM pg_database WHERE datname = d.name) FROM unnest($2::text[]) AS d (name)) n
     ORDER BY n.kind DESC, n.name`,
    [roles, databases],
  );
  return rows.map(({ logStatement, ...subject }) => ({
    ...subject,
    ...(logStatement !== null && { logStatement }),
  }));
}
