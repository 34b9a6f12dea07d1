import type { Owner } from '../../../private/wire/sql';
import { externalDependentsQuery } from '../catalog/external-dependents';
import type { SchemaFacts } from '../catalog/schemas';
import { readScratch } from '../catalog/scratch';
import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import { ownershipOf } from '../marker';
import { dropSchema } from '../plan/privileges';
import { planScratchRemoval } from '../plan/temp-schema';
import { done, perform, type Step } from './database-work';
import type { RoleMemberships } from './role-memberships';

/** Drops the objects of the role in a temp schema that a run created, and the schema if no other objects are in it or depend on it. */
export async function dropTempSchema(
  session: Session,
  memberships: RoleMemberships,
  schema: SchemaFacts,
  owner: Owner,
  role: number | undefined,
): Promise<Step> {
  const ownership = ownershipOf(schema.comment, owner);
  const name = `Schema ${ident(schema.name)} in database ${ident(session.databaseName)}`;
  if (schema.falseMarkOf !== null)
    return done(
      `${name} is kept: it belongs to ${ident(schema.falseMarkOf)}, who is not the administrator, so its comment is not trusted.`,
    );
  if (ownership !== 'ours') {
    return ownership === 'unmarked' ? done(`${name} is kept: this stack did not create it.`) : done();
  }
  const kept = (why: string) => done(`${name} is kept: ${why}`);
  const usedBy = async () =>
    (await session.query(externalDependentsQuery(schema.oid, role)))
      .map((dependent) => dependent.name)
      .join(', ');
  if (role !== undefined && !(await dropScratch(session, memberships, schema, role)))
    return { finished: false, notices: [] };
  const others = await usedBy();
  if (others) return kept(`other roles or objects use it (${others}).`);
  const text = dropSchema(schema.name);
  const { finished, refused } = await perform({ session, memberships }, [{ text, actAs: schema.owner }]);
  return refused.length === 0
    ? { finished, notices: [] }
    : kept(`the administrator may not drop it. Ask its owner to run: ${text};`);
}

/**
 * Drops the objects of the role in a temp schema that no other object depends on. Returns false if the lock budget ran out, as
 * thousands of tables need more locks than one transaction can hold.
 */
export async function dropScratch(
  session: Session,
  memberships: RoleMemberships,
  schema: SchemaFacts,
  role: number,
): Promise<boolean> {
  for (let before = Infinity; ;) {
    const scratch = await readScratch(session, schema.oid, role);
    if (scratch.length === 0 || scratch.length === before) return true;
    const plan = planScratchRemoval(schema, scratch, role, session.lockBudget);
    if (!(await perform({ session, memberships }, plan)).finished) return false;
    before = scratch.length; // objects that depended on dropped ones can be dropped now
  }
}
