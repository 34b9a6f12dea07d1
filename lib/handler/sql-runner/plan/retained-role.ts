import type { Ownership } from '../catalog/dependencies';
import type { RoleRights } from '../catalog/role-rights';
import { ident, idents, literal, someOf } from '../identifiers';
import { roleComment, type RoleRecord } from '../role-record';
import { dropOwned, dropRole, grantMembership, revokeMember } from './privileges';
import type { Statement } from './statement';

/** Plans the statements that revoke all rights of a role that is kept because it owns objects. Empty if it has no rights left. */
export function planRetainedRole(
  roleName: string,
  record: RoleRecord,
  { attributes, memberships, settings }: RoleRights,
  options: { readonly isMarked: boolean; readonly versionNum: number },
): Statement[] {
  const role = ident(roleName);
  const mark = `COMMENT ON ROLE ${role} IS ${literal(roleComment({ ...record, state: 'retained' }))}`;
  const isOptional = true;
  return [
    ...(options.isMarked ? [] : [{ text: `ALTER ROLE ${role} NOLOGIN PASSWORD NULL` }]),
    ...attributes
      .filter((attribute) => attribute !== 'LOGIN' || options.isMarked)
      .map((attribute) => ({ text: `ALTER ROLE ${role} NO${attribute}`, isOptional })),
    ...memberships.map(({ role: granted, member, grantor, grantorName }) => {
      const by = options.versionNum >= 160000 && grantorName ? ` GRANTED BY ${ident(grantorName)}` : '';
      const text = revokeMember(ident(granted), ident(member), by);
      return { text, isOptional, ...(by && { actAs: grantor }) };
    }),
    ...settings.map((database) => ({
      text: `ALTER ROLE ${role}${database === null ? '' : ` IN DATABASE ${ident(database)}`} RESET ALL`,
      isOptional,
    })),
    ...(options.isMarked ? [] : [{ text: mark }]),
  ];
}

/** Returns the notice about a kept role: the reason, and how to drop it. */
export function retainedNotice(
  roleName: string,
  ownership: readonly Ownership[],
  objectsIn: (database: string) => readonly string[],
): string {
  const role = ident(roleName);
  const databases = ownership.flatMap(({ database }) => database ?? []);
  const objects = ownership.flatMap(({ object }) => object ?? []);
  const places = [
    ...databases.map((name) => `${someOf(objectsIn(name)) || 'objects'} in database ${ident(name)}`),
    ...objects.map((object) => object.replace(/^\w+/, (kind) => kind.toLowerCase())),
  ];
  const drop = `in database ${idents(databases)}, run ${grantMembership(role, '')}; ${dropOwned(roleName)}; or, for objects to keep, check their code and change their owner`;
  const steps = [
    ...(databases.length > 0 ? [drop] : []),
    ...objects.map((object) => `run ALTER ${object} OWNER TO another role`),
    `run ${dropRole(roleName)};`,
  ];
  return (
    `Role ${role} is kept without login, password, memberships and privileges, because it owns ${places.join('; ')}. ` +
    `The objects were not reassigned to another role, because code runs with the privileges of its owner. To drop the role: ${steps.join('; then ')}`
  );
}
