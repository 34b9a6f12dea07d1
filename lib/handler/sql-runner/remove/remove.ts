import type { DatabaseSpec, RemoveRequest, SqlReport } from '../../../private/wire/sql';
import { readHoldingDatabases } from '../catalog/dependencies';
import { readRole, type RoleFacts } from '../catalog/role';
import { readSchemas } from '../catalog/schemas';
import { readServer } from '../catalog/server';
import { withSession } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import type { Target } from '../connection/target';
import { explain, SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { whose } from '../marker';
import { planRoleRemoval } from '../plan/role-removal';
import { inShares } from '../work/shares';
import { removeFromDatabase } from './remove-database';
import { endSessions } from './sessions';

const NAMED = 5;

/** Takes away what runs made: in every database, then the role. What has gone already is no error. */
export async function remove(target: Target, request: RemoveRequest): Promise<SqlReport> {
  const { access, admin, owner } = request;
  const notices: string[] = [];
  const left = new Map<string, readonly string[]>();
  let statements = 0;
  let finished = true;

  const inDatabase = async <T>(name: string, work: (session: Session) => Promise<T>): Promise<T> =>
    retried(target, `Removing ${ident(access.roleName)} from database ${ident(name)}`, () =>
      withSession(target, admin, name, async (session) => {
        try {
          return await work(session);
        } finally {
          statements += session.changes;
        }
      }),
    );

  const there = await inDatabase(access.maintenanceDatabase, readDatabaseNames);
  const schemaIsOurs = async ({ databaseName }: DatabaseSpec) => {
    const schemas = await inDatabase(databaseName, (session) => readSchemas(session, undefined));
    const found = schemas.find((schema) => schema.name === access.tempSchema);
    return found !== undefined && whose(found.comment, owner) === 'ours';
  };
  const start = await inDatabase(access.maintenanceDatabase, async (session) => {
    const role = await readRole(session, access.roleName);
    const specs = access.databases.filter((spec) => there.has(spec.databaseName));
    const unmarked = role !== undefined && whose(role.comment, owner) === 'unmarked';
    const removal = planRoleRemoval(access, owner, role, unmarked && (await some(specs, schemaIsOurs)));
    if (!role || !removal.remove) return { notice: removal.notice, holding: [] as (string | null)[] };
    const holding = await readHoldingDatabases(session, role.oid);
    notices.push(...(await shutOut(session, access.roleName, role)));
    return { role, holding };
  });
  if (start.notice) notices.push(start.notice);

  const named = [
    ...access.databases.map((spec) => spec.databaseName),
    ...start.holding.filter((name): name is string => name !== null),
  ];
  for (const name of new Set(named)) {
    if (!finished || !there.has(name)) continue;
    await inDatabase(name, async (session) => {
      const server = await readServer(session);
      const departure = { access, owner, role: start.role?.oid };
      finished = await inShares(
        session,
        server,
        () => removeFromDatabase(session, server, departure),
        (outcome) => {
          notices.push(...outcome.notices);
          if (outcome.left?.length) left.set(name, outcome.left);
        },
      );
    });
  }

  if (finished && start.role) {
    await inDatabase(access.maintenanceDatabase, (session) =>
      dropRole(session, access.roleName, start.role!, left),
    );
  }
  return { finished, statements, databases: [], notices: [...new Set(notices)] };
}

async function some<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<boolean> {
  for (const item of items) if (await test(item)) return true;
  return false;
}

async function readDatabaseNames(session: Session): Promise<Set<string>> {
  const rows = await session.rows<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE datallowconn',
  );
  return new Set(rows.map((row) => row.name));
}

/** Ends the role's sessions and lets no new one in. */
async function shutOut(session: Session, roleName: string, role: RoleFacts): Promise<string[]> {
  if (role.canLogin) {
    await session.transaction(() => session.change(`ALTER ROLE ${ident(roleName)} NOLOGIN`));
  }
  return endSessions(session, roleName, role.oid);
}

async function dropRole(
  session: Session,
  roleName: string,
  role: RoleFacts,
  left: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  try {
    await session.transaction(async () => {
      const found = await readRole(session, roleName);
      if (found?.oid === role.oid) await session.change(`DROP ROLE ${ident(roleName)}`);
    });
  } catch (error) {
    const told = explain(error, `Dropping role ${ident(roleName)}`);
    if (told.code !== '2BP01') throw told;
    const places = (await readHoldingDatabases(session, role.oid)).map((name) => {
      if (name === null) return 'the server';
      const objects = left.get(name)?.slice(0, NAMED).join(', ');
      return `${ident(name)}${objects ? ` (${objects})` : ''}`;
    });
    throw new SqlRunnerError(
      `Dropping role ${ident(roleName)} failed: it still holds something in ${places.join(', ')} that the admin may not take back (2BP01). ` +
        'Let those who granted it revoke it, then delete again.',
      '2BP01',
    );
  }
}
