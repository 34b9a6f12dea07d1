import type { RolePower } from '../catalog/role-powers';
import { ident } from '../identifiers';

const MAX_LISTED = 5;

/** Returns why an existing role is too powerful to adopt, with the statements that revoke the rights. */
export function dangerOf(roleName: string, powers: readonly RolePower[]): string | undefined {
  const dangerous = powers.filter(({ dangers }) => dangers.length > 0);
  if (dangerous.length === 0) return undefined;
  const role = ident(roleName);
  return `The role ${role} already exists and has far more rights than reading: ${listed(dangerous, describe)}. Run ${listed(dangerous, (power) => ending(role, power), ' ')} Or choose another role name.`;
}

/** Returns notices about rights beyond grants and about members of the role, with the statements that revoke them. */
export function powerNotices(roleName: string, powers: readonly RolePower[]): string[] {
  const role = ident(roleName);
  const own = powers.filter(({ kind }) => kind === 'attribute' || kind === 'group');
  const members = powers.filter(({ kind }) => kind === 'member');
  const creators = powers.filter(({ kind }) => kind === 'creator');
  const names = (some: readonly RolePower[]) => listed(some, ({ name }) => ident(name));
  const end = (some: readonly RolePower[]) => listed(some, (power) => ending(role, power), ' ');
  return [
    ...(own.length > 0
      ? [
          `The role ${role} has more rights than this library grants: ${listed(own, describe)}. To revoke them, run: ${end(own)}`,
        ]
      : []),
    ...(members.length > 0
      ? [
          `Members of the role ${role} can act as the role and read the same data: ${names(members)}. To end the memberships, run: ${end(members)}`,
        ]
      : []),
    ...(creators.length > 0
      ? [
          `The role ${role} was created by ${names(creators)}, which can set its password and become a member at any time, and so read the same data. Only a superuser can end that: ${end(creators)} Otherwise, use a role that the administrator creates.`,
        ]
      : []),
  ];
}

function describe({ kind, name, dangers }: RolePower): string {
  if (kind === 'attribute') return `it has ${name}`;
  const further = dangers.includes(name) ? [] : dangers;
  return `it is a member of ${ident(name)}${further.length > 0 ? ` and so of ${further.map(ident).join(', ')}` : ''}`;
}

function ending(role: string, { kind, name, grantor }: RolePower): string {
  if (kind === 'attribute') return `ALTER ROLE ${role} NO${name};`;
  const by = grantor === null ? '' : ` GRANTED BY ${ident(grantor)}`;
  const [group, member] = kind === 'group' ? [ident(name), role] : [role, ident(name)];
  return `REVOKE ${group} FROM ${member}${by};`;
}

function listed(powers: readonly RolePower[], text: (power: RolePower) => string, separator = ', '): string {
  const more = powers.length > MAX_LISTED ? `${separator}…` : '';
  return [...new Set(powers.slice(0, MAX_LISTED).map(text))].join(separator) + more;
}
