import type { ApplyRequest, DatabaseReport, SqlReport, VerifyRequest } from '../../private/wire/sql';
import { applyDatabase } from './apply-database';
import { applyRole } from './apply-role';
import { readRole } from './catalog/role';
import { readSchemas } from './catalog/schemas';
import { readServer } from './catalog/server';
import { checkDatabase } from './check-database';
import type { Grantee } from './database-work';
import { SqlRunnerError } from './errors';
import { ident } from './identifiers';
import { whose } from './marker';
import { retried, type Session, type Target, withSession } from './postgres';
import { removeFromDatabase } from './remove-database';
import { verifyDatabase } from './verify';

/** Makes the server what is wanted, then verifies it as the role. */
export async function apply(target: Target, request: ApplyRequest): Promise<SqlReport> {
  const { access, admin, owner } = request;
  const notices: string[] = [];
  let statements = 0;
  let finished = true;

  const inDatabase = async (name: string, doing: string, work: (session: Session) => Promise<void>) =>
    retried(target, `${doing} database ${ident(name)}`, () =>
      withSession(target, admin, name, async (session) => {
        await work(session);
        statements += session.changes;
      }),
    );

  for (const spec of access.databases) {
    await inDatabase(spec.databaseName, 'Reading', async (session) => {
      const role = await readRole(session, access.roleName);
      checkDatabase(await readSchemas(session, role?.oid), request, spec);
    });
  }

  let role: Grantee | undefined;
  await inDatabase(access.maintenanceDatabase, 'Setting up the role in', async (session) => {
    const facts = await applyRole(session, target, request);
    role = { oid: facts.oid, isOurs: whose(facts.comment, owner) === 'ours' };
  });

  for (const spec of access.databases) {
    if (!finished) break;
    await inDatabase(spec.databaseName, 'Granting in', async (session) => {
      const server = await readServer(session);
      const outcome = await session.transaction(() => applyDatabase(session, server, request, spec, role!));
      finished = outcome.finished;
      notices.push(...outcome.notices);
    });
  }

  for (const name of finished ? databasesToLeave(request) : []) {
    try {
      await inDatabase(name, 'Revoking in', async (session) => {
        const server = await readServer(session);
        const wish = { access: request.previous!, owner, role: role!.isOurs ? role!.oid : undefined };
        const outcome = await session.transaction(() => removeFromDatabase(session, server, wish));
        finished &&= outcome.finished;
        notices.push(...outcome.notices);
      });
    } catch (error) {
      if (!(error instanceof SqlRunnerError) || error.code !== '3D000') throw error; // it has gone: nothing to revoke
    }
  }

  if (!finished) return { finished, statements, databases: [], notices: [...new Set(notices)] };
  const databases = await verify(target, request, statements > 0);
  refuseUnusable(request, databases);
  return { finished, statements, databases, notices: [...new Set(notices)] };
}

/** Runs Datafold's test in every database, as the role. */
export async function verify(
  target: Target,
  request: ApplyRequest | VerifyRequest,
  write: boolean,
): Promise<DatabaseReport[]> {
  const { access, password } = request;
  const reports: DatabaseReport[] = [];
  for (const spec of access.databases) {
    reports.push(
      await retried(
        target,
        `Verifying database ${ident(spec.databaseName)} as ${ident(access.roleName)}`,
        () =>
          withSession(target, { user: access.roleName, password }, spec.databaseName, (session) =>
            verifyDatabase(session, access, spec, write),
          ),
      ),
    );
  }
  return reports;
}

function databasesToLeave({ access, previous }: ApplyRequest): string[] {
  if (previous?.roleName !== access.roleName) return []; // the old role has a removal of its own
  const wanted = new Set(access.databases.map((spec) => spec.databaseName));
  return previous.databases.map((spec) => spec.databaseName).filter((name) => !wanted.has(name));
}

/** A deployment that leaves the role unable to do its work has failed. */
function refuseUnusable({ access }: ApplyRequest, databases: readonly DatabaseReport[]): void {
  if (access.onFailedStep === 'warn') return;
  for (const { databaseName, steps, unreadable, unreadableCount } of databases) {
    const broken = steps.find(
      (step) => !step.ok && (step.step === 'connection' || step.step === 'temp_schema'),
    );
    if (broken)
      throw new SqlRunnerError(`Database ${ident(databaseName)}, step ${broken.step}: ${broken.message}`);
    if (unreadableCount === 0 || access.onUnreadable === 'warn') continue;
    const some = unreadable.slice(0, 5).map(({ relation, statement }) => `${relation} (${statement})`);
    throw new SqlRunnerError(
      `Database ${ident(databaseName)}: ${unreadableCount} relations stay unreadable for ${ident(access.roleName)}, because the admin may not act as their owners (42501). ` +
        `Let the owners run the statements, or set onUnreadable to warn: ${some.join(', ')}`,
      '42501',
    );
  }
}
