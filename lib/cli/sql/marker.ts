import { literal } from '../../handler/sql-runner/identifiers';
import { markerFor, RETAINED, retainedMarkerFor } from '../../handler/sql-runner/marker';
import { MARKED_ROLES } from '../../handler/sql-runner/catalog/role';
import type { Owner } from '../../private/wire/sql';
import { learn } from './text';
import type { SqlWish } from './wish';

/** Stands in a mark for the key of the server, which the script learns when it is run. No custom resource has such a key. */
const SERVER_KEY = 'dba-server-key';

/** Whose role and schema are: deployments leave them alone, and `--remove` knows them by it. */
export function ownerOf({ stackName }: SqlWish): Owner {
  return { key: SERVER_KEY, id: SERVER_KEY, stackName };
}

/** Learns the key, another one for each server, and the mark with it. */
export function learnMark(wish: SqlWish): string {
  const key = `'dba-' || CASE WHEN has_function_privilege('pg_control_system()', 'EXECUTE')
         THEN (SELECT system_identifier::text FROM pg_control_system()) ELSE 'server' END`;
  const withKey = (mark: string) => `replace(${literal(mark).trim()}, '${SERVER_KEY}', k.key)`;
  const owner = ownerOf(wish);
  return learn(
    `SELECT k.key AS server_key, ${withKey(markerFor(owner))} AS mark,\n       ${withKey(retainedMarkerFor(owner))} AS retained_mark\nFROM (SELECT ${key}) k (key)`,
  );
}

/** A statement of the sql-runner's plan, with the mark that `learnMark` found. */
export function withMark(statement: string, wish: SqlWish): string {
  return statement.replace(literal(markerFor(ownerOf(wish))), ` :'mark'`);
}

/** SQL that is true for the comment that the script writes on this server, whatever the name of the stack. */
export function isOurs(comment: string): string {
  const end = `'%[key=' || :'server_key' || ' id=' || :'server_key' || ']'`;
  return `coalesce(${comment}, '') LIKE 'Made by cdk-datafold-postgres ' || ${end}`;
}

/** A query with the role, if this script made it: one that the administrator, or a stronger role, made. */
export function ownRole(roleName: string): string {
  return `SELECT FROM (${MARKED_ROLES}) r\n  WHERE rolname = ${literal(roleName)} AND "isMarked" AND creators IS NULL AND ${isOurs('description')}`;
}

/** A query with the role, if this script made it and its removal had to keep it. */
export function retainedRole(roleName: string): string {
  return `${ownRole(roleName)} AND position(${literal(RETAINED)} in description) > 0`;
}
