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
import { RoleMemberships } from './role-memberships';

/** The role that gets access to a database. */
export interface Grantee {
  readonly oid: number;
  /** This library created the role, so it may revoke all its grants. */
  readonly isOurs: boolean;
  /** The owner in the marks of its temp schemas. */
  readonly tempSchemaOwner: Owner;
  /** Other owners of the role. */
  readonly coOwners: readonly OwnerEntry[];
}

/** A database to which a role gets access. */
export interface DatabaseToGrant {
  readonly session: Session;
  readonly server: ServerFacts;
  readonly request: ApplyRequest;
  readonly spec: DatabaseSpec;
  readonly role: Grantee;
}

/** The context of all steps of one transaction in such a database. */
export interface DatabaseWork extends DatabaseToGrant {
  readonly memberships: RoleMemberships;
  /** Notices to report. */
  readonly notices: string[];
}

/** Returns the context for a transaction in which no step was taken yet. */
export function beginWork(database: DatabaseToGrant): DatabaseWork {
  const { session, server } = database;
  return { ...database, memberships: new RoleMemberships(session, server), notices: [] };
}

/** The catalog of a database in which only SELECT on relations was missing. */
export interface CatalogSnapshot {
  readonly schemas: SchemaFacts[];
  /** The relations in the schemas to read, before the grants. */
  readonly groups: RelationGroup[];
}

/** The progress in a database that needs several transactions, with the catalog that the first one read. */
export interface Progress extends CatalogSnapshot {
  /** Relations up to this oid are done. */
  readonly after: number;
  /** Roles whose future tables stay unreadable. */
  readonly possible: readonly PossibleCreators[];
}

/** The outcome of one step. */
export interface Step {
  /** False if time or the lock budget ran out. */
  readonly finished: boolean;
  /** Notices to report. */
  readonly notices: readonly string[];
}

export const done = (...notices: string[]): Step => ({ finished: true, notices });

/** The outcome of the work in one database. */
export interface DatabaseOutcome {
  /** False if time or the lock budget ran out. */
  readonly finished: boolean;
  /** Where the next transaction continues; set if only SELECT on relations is left to grant. */
  readonly progress?: Progress;
  /** Relations stay unreadable because the administrator may not act as their owners. */
  readonly isRefused?: boolean;
  /** The first of these relations, each with the statement for the owner. */
  readonly ungrantable?: readonly { readonly relation: string; readonly statement: string }[];
  readonly notices: readonly string[];
  /** The catalog, if the verification need not read it again. */
  readonly snapshot?: CatalogSnapshot;
  /** The remaining dependencies of a role that is removed. */
  readonly left?: readonly RoleDependency[];
}

/** Runs statements after making the administrator a member of the roles that they need, as far as the server allows. */
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
