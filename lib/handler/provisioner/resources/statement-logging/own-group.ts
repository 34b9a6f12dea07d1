import { createHash } from 'node:crypto';
import type { ServerName } from '../../aws/rds-ports';

/**
 * The name of the group that is made for a server, if one is: `name` is unique to the construct.
 *
 * A construct may move on to another server, whose group is made before that of the first one goes.
 */
export function ownGroupName(name: string, { kind, identifier }: ServerName): string {
  const hash = createHash('sha256').update(`${kind}/${identifier}`).digest('hex');
  return `${name.slice(0, 240)}-${hash.slice(0, 8)}`;
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
