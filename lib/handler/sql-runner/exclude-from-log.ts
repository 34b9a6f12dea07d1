import type { ExcludeRequest, LogExclusions } from '../../private/wire/sql';
import type { ExcludeReport } from '../../private/wire/sql-reports';
import { readLogSubjects } from './catalog/log-subjects';
import { withSession } from './connection/connections';
import { retried } from './connection/retry';
import type { Session } from './connection/session';
import type { Target } from './connection/target';
import { SqlRunnerError } from './errors';
import { planLogExclusions } from './plan/log-exclusions';
import { codeAndMessage } from './sqlstates';

const ACTION = 'Excluding roles and databases from the statement log';

/** Excludes roles and databases from the statement log and ends previous exclusions, in one transaction. */
export async function excludeFromLog(target: Target, request: ExcludeRequest): Promise<ExcludeReport> {
  const { admin, maintenanceDatabase, desired, previousExclusions } = request;
  return retried(target, ACTION, () =>
    withSession(target, admin, maintenanceDatabase, (session) =>
      session.transaction(async () => {
        const { statements, problems, notices } = planLogExclusions(
          await readLogSubjects(session, desired),
          await readLogSubjects(session, without(previousExclusions, desired)),
        );
        if (problems.length > 0)
          throw new SqlRunnerError(
            `${ACTION} failed: ${problems.join('; ')}. Create what does not exist, reset the log_statement that is set, or remove the name from the exclusions, then deploy again.`,
          );
        for (const statement of statements) await change(session, statement);
        return { statements: statements.length, notices };
      }),
    ),
  );
}

async function change(session: Session, statement: string): Promise<void> {
  await session.change(statement).catch((error: unknown) => {
    const { code, message } = codeAndMessage(error);
    if (code !== '42501') throw error;
    throw new SqlRunnerError(
      `${statement} failed: ${message} (42501). The administrator may not set log_statement for other roles. Ask a superuser to run GRANT SET ON PARAMETER log_statement TO the administrator (PostgreSQL 15 and later) or the statement itself, or remove the exclusions, then deploy again.`,
      code,
    );
  });
}

function without(previousExclusions: LogExclusions, { roles, databases }: LogExclusions): LogExclusions {
  return {
    roles: previousExclusions.roles.filter((name) => !roles.includes(name)),
    databases: previousExclusions.databases.filter((name) => !databases.includes(name)),
  };
}
