import type { AccessSpec, ApplyRequest } from '../../../private/wire/sql';
import type { DatabaseReport, SettingReport } from '../../../private/wire/sql-reports';
import { readSessionFacts, type SessionFacts } from '../catalog/session-facts';
import type { Connections } from '../connection/connections';
import type { Session } from '../connection/session';
import {
  type UnexpectedPrivileges,
  findUnexpectedPrivileges,
  findOtherDatabases,
} from './unexpected-privileges';
import { readLogOverrides } from './log-overrides';
import { findSettings } from './session-settings';

/** What a session of the role shows apart from relations. Granting SELECT does not change it. */
export interface Inspection
  extends UnexpectedPrivileges, Pick<DatabaseReport, 'logOverrides' | 'furtherAccess'> {
  readonly facts: SessionFacts;
  readonly settings: readonly SettingReport[];
}

/** Inspects the session and the privileges of the role; with `named`, also the other databases that it can connect to. */
export async function inspect(
  session: Session,
  access: AccessSpec,
  named?: readonly string[],
): Promise<Inspection> {
  const { tempSchema, roleName } = access;
  await session.run('RESET role'); // act as the role of a new session; other settings could disturb the queries
  const settings = await findSettings(session, roleName);
  const facts = await readSessionFacts(session);
  return {
    settings,
    facts,
    logOverrides: await readLogOverrides(session),
    ...(await findUnexpectedPrivileges(session, tempSchema, roleName, facts.versionNum)),
    ...(named && { furtherAccess: await findOtherDatabases(session, access, named) }),
  };
}

/**
 * Inspects the only database of a request while the administrator works, which halves the time of runs that change nothing.
 * Returns undefined on failure: the verification reports the error.
 */
export async function inspectEarly(
  { access, password }: ApplyRequest,
  connections: Connections,
): Promise<Inspection | undefined> {
  const names = access.databases.map((spec) => spec.databaseName);
  if (names.length !== 1) return undefined;
  const login = { user: access.roleName, password };
  const work = (session: Session) => inspect(session, access, names);
  return connections.use(login, names[0], work).catch(() => undefined);
}
