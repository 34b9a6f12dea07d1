import type { ApplyRequest } from '../../../private/wire/sql';
import type { DatabaseReport } from '../../../private/wire/sql-reports';
import { SqlRunnerError } from '../errors';
import { ident } from '../identifiers';

/** Fails if the role cannot do its work. In `refused` databases, the administrator may not act as some owners. */
export function refuseUnusable(
  { access }: ApplyRequest,
  databases: readonly DatabaseReport[],
  refused: ReadonlySet<string>,
): void {
  if (access.onFailedStep === 'warn') return;
  for (const { databaseName, steps, unreadable, unreadableCount } of databases) {
    const broken = steps.find(
      (step) => !step.ok && (step.step === 'connection' || step.step === 'temp_schema'),
    );
    if (broken)
      throw new SqlRunnerError(`Database ${ident(databaseName)}, step ${broken.step}: ${broken.message}`);
    if (unreadableCount === 0 || access.onUnreadable === 'warn') continue;
    const some = unreadable.slice(0, 5).map(({ relation, statement }) => `${relation} (${statement})`);
    const objects = unreadableCount === 1 ? '1 object stays' : `${unreadableCount} objects stay`;
    const what = `Database ${ident(databaseName)}: ${objects} unreadable for ${ident(access.roleName)}`;
    if (refused.has(databaseName)) {
      throw new SqlRunnerError(
        `${what}, because the administrator may not act as their owners (42501). ` +
          `Ask the owners to run the statements, or set verification.onUnreadable to WARN: ${some.join(', ')}`,
        '42501',
      );
    }
    throw new SqlRunnerError(
      `${what}, although the administrator may act as their owners: other sessions created or changed them meanwhile, or grants have no effect on this server. ` +
        `Deploy again, or set verification.onUnreadable to WARN: ${some.join(', ')}`,
      '42501',
      true,
    );
  }
}
