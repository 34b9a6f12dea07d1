import { createHash } from 'node:crypto';
import type { ServerName } from '../aws/rds-ports';

/**
 * The name of the group that is made for a server, if one is: `name` is unique to the construct.
 *
 * A construct may move on to another server, whose group is made before that of the first one goes.
 */
export function ownGroupName(name: string, server: ServerName): string {
  return `${name.slice(0, 240)}${suffixFor(server)}`;
}

/** True for the name of a group that this library may have made for the server, whatever the stack. */
export function isNamedFor(group: string, server: ServerName): boolean {
  return group.startsWith('datafold-') && group.endsWith(suffixFor(server));
}

function suffixFor({ kind, identifier }: ServerName): string {
  const hash = createHash('sha256').update(`${kind}/${identifier}`).digest('hex');
  return `-${hash.slice(0, 8)}`;
}

/** Groups of AWS's, which nobody can change, copy or delete. */
export function isDefaultGroup(name: string): boolean {
  return name.startsWith('default.');
}

/** The family in the name of a default group. */
export function familyInName(name: string): string | undefined {
  return isDefaultGroup(name) ? name.slice('default.'.length) : undefined;
}

/** A default group of the family. */
export function defaultGroup(family: string): string {
  return `default.${family}`;
}
