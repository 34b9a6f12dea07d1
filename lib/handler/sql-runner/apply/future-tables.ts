import {
  readFutureCreators,
  type Creator,
  type FutureCreators,
  type PossibleCreators,
} from '../catalog/creators';
import { readOpenTransactions } from '../catalog/open-transactions';
import type { RelationGroup } from '../catalog/relation-groups';
import type { SchemaFacts } from '../catalog/schemas';
import type { Session } from '../connection/session';
import { ident, idents, someIdents } from '../identifiers';
import { planDefaultPrivileges } from '../plan/default-privileges';
import { perform, type DatabaseWork } from '../work/database-work';
import { grantSelectLater } from '../plan/privileges';

const MAX_LISTED = 5;

/** Whose future tables in the schemas the role could not read. */
export async function findFutureCreators(
  { session, role, request }: DatabaseWork,
  schemas: number[],
  groups: readonly RelationGroup[],
): Promise<FutureCreators> {
  if (!request.access.futureTables) return { missing: [], possible: [] };
  return readFutureCreators(session, role.oid, schemas, makersIn(groups));
}

const makersIn = (groups: readonly RelationGroup[]): Creator[] =>
  groups.filter((group) => group.isMaker).map(({ schema, owner }) => ({ schema, creator: owner }));

/** Lets the role read tables that are made later, whoever of `creators` makes them. False if time ran out. */
export async function grantFutureTables(
  work: DatabaseWork,
  granted: readonly SchemaFacts[],
  creators: readonly Creator[],
): Promise<boolean> {
  const { memberships, request, notices } = work;
  await memberships.extendTo(creators.map(({ creator }) => creator));
  const nameOf = (oid: number) => memberships.nameOf(oid);
  const named = creators.filter(({ creator }) => !nameOf(creator).includes('\ufffd'));
  if (named.length < creators.length)
    notices.push(
      `Database ${ident(work.session.databaseName)}: tables that a role makes later whose name is not UTF-8 stay unreadable until the next run.`,
    );
  const plan = planDefaultPrivileges(request.access.roleName, granted, named, nameOf);
  const { finished, refused } = await perform(work, plan);
  for (const { actAs, text } of refused.slice(0, MAX_LISTED)) {
    notices.push(
      `Tables that ${ident(nameOf(actAs!))} makes later stay unreadable; as that role, run: ${text};`,
    );
  }
  return finished;
}

/**
 * Reports who else may make tables that the role can't read at once. They get no default privilege: it would keep a plain
 * DROP ROLE from working for roles that have nothing else in the database.
 */
export function reportPossibleCreators(
  { session, request, notices }: DatabaseWork,
  found: readonly PossibleCreators[],
): void {
  const database = `Database ${ident(session.databaseName)}`;
  for (const one of found.slice(0, MAX_LISTED)) {
    notices.push(`${database}: ${describePossible(one, request.access.roleName)}`);
  }
  if (found.length > MAX_LISTED) {
    notices.push(
      `${database}: members of ${found.length - MAX_LISTED} more roles may create tables that stay unreadable until the next run.`,
    );
  }
}

function describePossible(possible: PossibleCreators, roleName: string): string {
  const { through, roles, roleCount, schemas, schemaCount } = possible;
  const some = (names: readonly string[], count: number) =>
    count > names.length ? `${idents(names)} and ${count - names.length} more` : idents(names);
  const where = `${schemaCount === 1 ? 'schema' : 'schemas'} ${some(schemas, schemaCount)}`;
  const who = some(roles, roleCount);
  const until = `stay unreadable until the next run (reconcile with repair makes it)`;
  if (through === null) {
    const end = `REVOKE CREATE ON SCHEMA ${someIdents(schemas)} FROM PUBLIC;`;
    return `everybody may create tables in ${where}; those of roles that own no table yet (${who}) ${until}. If only owners are to create tables there, run: ${end}`;
  }
  const grant = `${grantSelectLater(roles[0], someIdents(schemas), roleName)};`;
  return `tables that ${who} ${roleCount === 1 ? 'makes' : 'make'} later in ${where} as ${roleCount === 1 ? 'a member' : 'members'} of ${ident(through)} ${until}. To have them readable at once, run for each role: ${grant} From then on DROP ROLE takes DROP OWNED first.`;
}

/** Reports whose new tables stay unreadable because the transaction that made them began before the default privileges. */
export async function reportOpenTransactions(session: Session, role: number): Promise<string[]> {
  const found = await readOpenTransactions(session, role);
  if (found.length === 0) return [];
  const names = found
    .slice(0, MAX_LISTED)
    .map(({ pid, user }) =>
      pid === null ? 'a prepared transaction' : `process ${pid}${user === null ? '' : ` of ${ident(user)}`}`,
    );
  const more = found.length > MAX_LISTED ? ` and ${found.length - MAX_LISTED} more` : '';
  return [
    `Database ${ident(session.databaseName)}: transactions that began before this run have made relations that are not committed (${names.join(', ')}${more}). Tables among them stay unreadable until the next run: deploy again when the transactions have ended, or let reconcile with repair do it.`,
  ];
}
