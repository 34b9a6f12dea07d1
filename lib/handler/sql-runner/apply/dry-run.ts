import type { ApplyRequest, PlanRequest } from '../../../private/wire/sql';
import type { PlanReport } from '../../../private/wire/sql-reports';
import { withSession } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Session } from '../connection/session';
import type { Target } from '../connection/target';
import { shorten } from '../../shorten';
import { ident } from '../identifiers';
import type { Grantee } from '../work/database-work';
import { applyInOneTransaction } from './apply-database';
import { applyRole, granteeOf, readRoleWork } from './apply-role';

const MAX_LISTED = 20;
/** A grant on hundreds of tables is one statement. */
const MAX_STATEMENT_CHARACTERS = 300;
/** The dry run of a database stops after this many statements. */
const MAX_STATEMENTS = 1_000;

class StatementLimit extends Error {}

/**
 * Reports what an apply would change: the same code runs, but records statements instead of executing them. It does become a
 * member of owners, because only the server knows whether it may, and rolls its transactions back.
 */
export async function dryRun(at: Target, request: PlanRequest): Promise<PlanReport> {
  const { access, admin } = request;
  const desired: ApplyRequest = {
    ...request,
    operation: 'apply',
    access: { ...access, onFailedStep: 'warn' },
  };
  const planned: { databaseName: string; statement: string }[] = [];
  let statements = 0;
  const onStatement = (databaseName: string, text: string) => {
    if (planned.length < MAX_LISTED) planned.push({ databaseName, statement: readable(text) });
    if (++statements % MAX_STATEMENTS === 0) throw new StatementLimit();
  };
  const target: Target = { ...at, onStatement };
  const notices: string[] = [];
  const inDatabase = async (name: string, work: (session: Session) => Promise<void>) =>
    retried(target, `Comparing database ${ident(name)}`, () =>
      withSession(target, admin, name, async (session) =>
        work(session).catch((error: unknown) => {
          if (!(error instanceof StatementLimit)) throw error;
        }),
      ),
    );

  let grantee: Grantee | undefined;
  await inDatabase(access.maintenanceDatabase, async (session) => {
    const [first = access.maintenanceDatabase] = access.databases.map((spec) => spec.databaseName);
    const login = { user: access.roleName, password: request.password };
    const logIn = () => withSession(target, login, first, async () => {});
    const { role, isDone, password, notices: roleNotices } = await readRoleWork(session, desired, logIn);
    grantee = role && granteeOf(role, desired);
    if (!isDone) await applyRole(session, desired, password === 'set-last' ? 'set' : password);
    notices.push(...roleNotices);
  });
  if (grantee) {
    const role = grantee;
    for (const spec of access.databases) {
      await inDatabase(spec.databaseName, async (session) => {
        notices.push(...(await applyInOneTransaction(session, desired, spec, role)).notices);
      });
    }
  }
  return { statements, planned, notices: [...new Set(notices)] };
}

/** Returns a statement without the password verifier, shortened. */
function readable(text: string): string {
  return shorten(text.replace(/ PASSWORD '(?:[^']|'')*'/, " PASSWORD '***'"), MAX_STATEMENT_CHARACTERS);
}
