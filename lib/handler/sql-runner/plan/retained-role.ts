import type { Ownership } from '../catalog/dependencies';
import type { RoleRights } from '../catalog/role-rights';
import { ident, idents, literal, someOf } from '../identifiers';
import { roleComment, type RoleRecord } from '../role-record';
import type { Statement } from './statement';

/** Takes all rights from a role that is kept because of what it owns, and marks it. Empty: it has none any more. */
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
      const text = `REVOKE ${ident(granted)} FROM ${ident(member)}${by} CASCADE`;
      return { text, isOptional, ...(by && { actAs: grantor }) };
    }),
    ...settings.map((database) => ({
      text: `ALTER ROLE ${role}${database === null ? '' : ` IN DATABASE ${ident(database)}`} RESET ALL`,
      isOptional,
    })),
    ...(options.isMarked ? [] : [{ text: mark }]),
  ];
}

/** What a person is told of a role that is kept: why, and how to end it. */
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
  const drop = `in database ${idents(databases)}, run GRANT ${role} TO CURRENT_USER; DROP OWNED BY ${role}; or read the code and give what is to stay another owner`;
  const steps = [
    ...(databases.length > 0 ? [drop] : []),
    ...objects.map((object) => `run ALTER ${object} OWNER TO another role`),
    `run DROP ROLE ${role};`,
  ];
  return (
    `Role ${role} is kept without login, password, memberships and privileges, because it owns ${places.join('; ')}. ` +
    `None of it was given to another role: code runs with the rights of its owner. To end it: ${steps.join('; then ')}`
  );
}
