import type { ApplyRequest, DatabaseSpec } from '../../../private/wire/sql';
import { withSession } from '../connection/connections';
import { retried } from '../connection/retry';
import type { Target } from '../connection/target';
import { ident } from '../identifiers';
import type { DatabaseOutcome, Grantee } from '../work/database-work';
import { applyInOneTransaction } from './apply-database';
import { refuseUnusable } from './refuse-unusable';

/**
 * Fails, before anything changes, if an existing role would not be able to read relations whose owners the administrator may not
 * act as. After a failed deployment, its new grants could not be told from its original grants.
 */
export async function refuseUngrantable(target: Target, request: ApplyRequest, role: Grantee): Promise<void> {
  const { access } = request;
  if (access.onUnreadable === 'warn' || access.onFailedStep === 'warn') return;
  for (const spec of access.databases) {
    const { isRefused, ungrantable = [] } = await findUngrantable(target, request, spec, role);
    if (!isRefused) continue;
    const { databaseName } = spec;
    const found = { databaseName, steps: [], unreadable: ungrantable, unreadableCount: ungrantable.length };
    refuseUnusable(request, [{ ...found, schemas: 0, relations: 0 }], new Set([databaseName]));
  }
}

/** Runs the work of an apply in one database without executing statements, to find relations that cannot be granted. */
async function findUngrantable(
  target: Target,
  request: ApplyRequest,
  spec: DatabaseSpec,
  role: Grantee,
): Promise<DatabaseOutcome> {
  const quiet: Target = { ...target, notices: new Set(), onStatement: () => undefined };
  return retried(quiet, `Reading database ${ident(spec.databaseName)}`, () =>
    withSession(quiet, request.admin, spec.databaseName, async (session) =>
      applyInOneTransaction(session, request, spec, role),
    ),
  );
}
