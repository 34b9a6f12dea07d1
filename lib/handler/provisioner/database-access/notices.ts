import { quotedName } from '../../../private/access/postgres-names';
import type { DatabaseReport, RelationReport } from '../../../private/wire/sql-reports';

const MAX_LISTED = 5;

/**
 * Returns notices with next steps about relations that the role can't read completely and about settings of its sessions. The
 * administrator of RDS is no superuser and has no BYPASSRLS
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.rds_superuser.html).
 */
export function readNotices(roleName: string, databases: readonly DatabaseReport[]): string[] {
  return databases.flatMap((database) => {
    const { databaseName, settings = [] } = database;
    const { failing = [], failingCount = 0, filtered = [], filteredCount = 0 } = database;
    const { unproven = [], unprovenCount = 0 } = database;
    const bypass = ` Or, by a superuser or a role with BYPASSRLS (the admin of RDS is neither), for tables: ALTER ROLE ${quotedName(roleName)} BYPASSRLS;`;
    const where = `Role ${roleName}, database ${databaseName}:`;
    return [
      ...list(
        `${where} reading fails for ${failingCount} relations that it should read`,
        failing,
        failingCount,
      ),
      ...list(
        `${where} rows of ${filteredCount} relations may be hidden by row-level security`,
        filtered,
        filteredCount,
        bypass,
      ),
      ...list(
        `${where} whether ${unprovenCount} relations can be read is not known, as the verification does not try it`,
        unproven,
        unprovenCount,
      ),
      ...settings.map(
        ({ setting, value, effect, statement }) =>
          `${where} ${setting} is ${value}, so ${effect}. To end it: ${statement}`,
      ),
    ];
  });
}

function list(what: string, relations: readonly RelationReport[], count: number, more = ''): string[] {
  if (count === 0) return [];
  const some = relations
    .slice(0, MAX_LISTED)
    .map(({ relation, reason, next }) => `${relation} (${reason}; to end it: ${next})`);
  const rest = count - some.length;
  return [`${what}: ${some.join('; ')}${rest > 0 ? `; and ${rest} more.` : '.'}${more}`];
}

/** Returns a sentence for each database in which fewer statements are logged than the server setting requests. */
export function overrideNotices(databases: readonly DatabaseReport[]): string[] {
  return databases.flatMap(({ databaseName, logOverrides = [] }) => {
    if (logOverrides.length === 0) return [];
    const named = logOverrides
      .slice(0, MAX_LISTED)
      .map(
        ({ object, logStatement, statement }) =>
          `${object} with log_statement=${logStatement} (to end it: ${statement})`,
      );
    const more = logOverrides.length > MAX_LISTED ? '; and others' : '';
    return [
      `Not all changes in database ${databaseName} are logged for Datafold, for these have a log_statement of their own: ${named.join('; ')}${more}.`,
    ];
  });
}
