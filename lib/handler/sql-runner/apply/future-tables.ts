import type { AccessSpec } from '../../../private/wire/sql';
import {
  readFutureCreators,
  type Creator,
  type FutureCreators,
  type Makers,
  type PossibleCreators,
} from '../catalog/creators';
import { readOpenTransactions } from '../catalog/open-transactions';
import type { RelationGroup } from '../catalog/relation-groups';
import type { SchemaFacts } from '../catalog/schemas';
import type { Session } from '../connection/session';
import { ident, idents, someIdents } from '../identifiers';
import { planDefaultPrivileges } from '../plan/default-privileges';
import { describePrepared } from '../plan/prepared-transaction';
import { perform, type DatabaseWork } from '../work/database-work';
import { grantSelectLater } from '../plan/privileges';

const MAX_LISTED = 5;

/** Finds the roles whose future tables in the schemas the role could not read. */
export async function findFutureCreators(
  { session, role, request }: DatabaseWork,
  schemas: number[],
  groups: readonly RelationGroup[],
): Promise<FutureCreators> {
  if (!request.access.futureTables) return { missing: [], possible: [] };
  return readFutureCreators(session, role.oid, schemas, makersIn(groups));
}

function makersIn(groups: readonly RelationGroup[]): Makers {
  const makers = groups.filter((group) => group.isMaker);
  return { schemas: makers.map(({ schema }) => schema), creators: makers.map(({ owner }) => owner) };
}

/** Grants SELECT on tables that `creators` create later. Returns false if time ran out. */
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
      `Database ${ident(work.session.databaseName)}: tables that roles with names that are not UTF-8 create later stay unreadable until the next run.`,
    );
  const plan = planDefaultPrivileges(request.access.roleName, granted, named, nameOf);
  const { finished, refused } = await perform(work, plan);
  for (const { actAs, text } of refused.slice(0, MAX_LISTED)) {
    notices.push(
      `Tables that ${ident(nameOf(actAs!))} creates later stay unreadable. As that role, run: ${text};`,
    );
  }
  return finished;
}

/**
 * Reports the other roles that may create tables, which the role cannot read until the next run. They get no default privilege,
 * which would prevent a plain DROP ROLE of roles that own nothing in the database.
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
  const until = `stay unreadable until the next run (or reconciliation with repair)`;
  if (through === null) {
    const end = `REVOKE CREATE ON SCHEMA ${someIdents(schemas)} FROM PUBLIC;`;
    return `PUBLIC may create tables in ${where}. Tables of roles that own no table yet (${who}) ${until}. To let only owners create tables, run: ${end}`;
  }
  const grant = `${grantSelectLater(roles[0], someIdents(schemas), roleName)};`;
  return `tables that ${who} ${roleCount === 1 ? 'creates' : 'create'} later in ${where} as ${roleCount === 1 ? 'a member' : 'members'} of ${ident(through)} ${until}. To make them readable immediately, run for each role: ${grant} DROP ROLE then requires DROP OWNED first.`;
}

/** Reports uncommitted transactions that began before the default privileges, whose new tables stay unreadable. */
export async function reportOpenTransactions(
  session: Session,
  { futureTables }: AccessSpec,
  role: number,
): Promise<string[]> {
  if (!futureTables) return [];
  const found = await readOpenTransactions(session, role);
  if (found.length === 0) return [];
  const names = found
    .slice(0, MAX_LISTED)
    .map(({ pid, user, prepared }) =>
      pid === null
        ? describePrepared(prepared)
        : `process ${pid}${user === null ? '' : ` of ${ident(user)}`}`,
    );
  const more = found.length > MAX_LISTED ? ` and ${found.length - MAX_LISTED} more` : '';
  return [
    `Database ${ident(session.databaseName)}: transactions that began before this run have created relations and are not committed (${names.join(', ')}${more}). The new tables stay unreadable until the next run: deploy again after the transactions end, or use reconciliation with repair.`,
  ];
}
