import type { AccessSpec, ApplyRequest, DatabaseReport, SettingReport } from '../../../private/wire/sql';
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

/** What a login as the role finds apart from the relations to read: nothing that a run grants on those changes it. */
export interface Inspection extends UnexpectedPrivileges, Pick<DatabaseReport, 'logOverrides' | 'reach'> {
  readonly facts: SessionFacts;
  readonly settings: readonly SettingReport[];
}

/** Looks at the session, and at what the role may do elsewhere; at databases that are not `named` where those are given. */
export async function inspect(
  session: Session,
  access: AccessSpec,
  named?: readonly string[],
): Promise<Inspection> {
  const { tempSchema, roleName } = access;
  await session.run('RESET role'); // as Datafold's session acts, whoever that is; other settings would only spoil the reading
  const settings = await findSettings(session, roleName);
  const facts = await readSessionFacts(session);
  return {
    settings,
    facts,
    logOverrides: await readLogOverrides(session),
    ...(await findUnexpectedPrivileges(session, tempSchema, roleName, facts.versionNum)),
    ...(named && { reach: await findOtherDatabases(session, access, named) }),
  };
}

/**
 * The same while the admin reads the only database of a request: in most runs nothing is to be changed, and they take half the
 * time then. Where it fails, the verification says why.
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
