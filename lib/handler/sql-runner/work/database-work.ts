import type { ApplyRequest, DatabaseSpec, Owner } from '../../../private/wire/sql';
import type { PossibleCreators } from '../catalog/creators';
import type { RoleDependency } from '../catalog/dependencies';
import type { RelationGroup } from '../catalog/relation-groups';
import type { SchemaFacts } from '../catalog/schemas';
import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import type { Statement } from '../plan/statement';
import type { OwnerEntry } from '../role-record';
import { execute, type Outcome } from './execute';
import type { RoleMemberships } from './role-memberships';

/** The role for which a database is set up. */
export interface Grantee {
  readonly oid: number;
  /** Made by this library: all its grants are ours to take back. */
  readonly isOurs: boolean;
  /** The owner that its temp schemas name. */
  readonly tempSchemaOwner: Owner;
  /** Other stacks that need the role, too. */
  readonly coOwners: readonly OwnerEntry[];
}

/** What the steps of work in one database share. */
export interface DatabaseWork {
  readonly session: Session;
  readonly server: ServerFacts;
  readonly memberships: RoleMemberships;
  readonly request: ApplyRequest;
  readonly spec: DatabaseSpec;
  readonly role: Grantee;
  /** Sentences for a person. */
  readonly notices: string[];
}

/** What the catalog said of a database where all was well, but for relations that had to be made readable. */
export interface CatalogSnapshot {
  readonly schemas: SchemaFacts[];
  /** The relations in the schemas to read, as they were before. */
  readonly groups: RelationGroup[];
}

/** Where a database is left that takes several transactions, and what the first of them has read. */
export interface Progress extends CatalogSnapshot {
  /** Relations up to this oid were made readable, or can't be. */
  readonly after: number;
  /** Who may make tables later that stay unreadable. */
  readonly possible: readonly PossibleCreators[];
}

/** How one step of the work went. */
export interface Step {
  /** False: time, or the transaction's share of locks, ran out. */
  readonly finished: boolean;
  /** What a person should know. */
  readonly notices: readonly string[];
}

export const done = (...notices: string[]): Step => ({ finished: true, notices });

/** How one database went. */
export interface DatabaseOutcome {
  /** False: time ran out, or the transaction had its share of locks. */
  readonly finished: boolean;
  /** Nothing but relations is left to be made readable: where the next transaction goes on. */
  readonly progress?: Progress;
  /** Something stays unreadable because the admin may not act as its owner. */
  readonly isRefused?: boolean;
  /** The first relations that stay unreadable for that, each with the statement that its owner must run. */
  readonly outOfReach?: readonly { readonly relation: string; readonly statement: string }[];
  readonly notices: readonly string[];
  /** What need not be read again. */
  readonly snapshot?: CatalogSnapshot;
  /** What still hangs on a role that is to go. */
  readonly left?: readonly RoleDependency[];
}

/** Runs statements after making sure, as far as the server lets, that the admin can act as the roles they need. */
export async function perform(
  { session, memberships }: Pick<DatabaseWork, 'session' | 'memberships'>,
  statements: readonly Statement[],
): Promise<Outcome> {
  await memberships.extendTo(statements.flatMap(({ actAs }) => actAs ?? []));
  await memberships.extendTo(
    statements.flatMap(({ actAs, identity }) => (identity === 'required' ? (actAs ?? []) : [])),
    'set',
  );
  return execute(session, memberships, statements);
}
