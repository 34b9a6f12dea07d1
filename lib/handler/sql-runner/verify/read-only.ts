import type { Session } from '../connection/session';
import { SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { codeAndMessage } from '../sqlstates';

const SETTING = 'default_transaction_read_only';

/** Runs write whatever this setting says; a test of what the role can write has to meet it as other clients do. */
export async function obeyReadOnly(session: Session): Promise<void> {
  await session.run(`RESET ${SETTING}`);
}

/** Names the setting by which the role's transactions only read, if `error` is about that; a replica has none. */
export async function explainReadOnly(
  session: Session,
  error: unknown,
  doing: string,
): Promise<SqlRunnerError | undefined> {
  if (codeAndMessage(error).code !== '25006') return undefined;
  const [setting] = await session.rows<{ source: string; role: string }>(
    `SELECT source, current_user::text AS role FROM pg_settings WHERE name = '${SETTING}' AND setting = 'on'`,
  );
  if (!setting) return undefined;
  const [role, database] = [`ROLE ${ident(setting.role)}`, `DATABASE ${ident(session.databaseName)}`];
  const places: Readonly<Record<string, string>> = {
    user: role,
    database,
    'database user': `${role} IN ${database}`,
    global: 'ROLE ALL',
  };
  const place = places[setting.source];
  const end = place ? `ALTER ${place} RESET ${SETTING};` : `ALTER ${role} SET ${SETTING} = off;`;
  return new SqlRunnerError(
    `${doing} failed: ${SETTING} is on, so the role writes nowhere (25006). Run: ${end}`,
    '25006',
  );
}
