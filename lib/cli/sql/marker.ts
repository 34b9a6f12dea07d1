import { literal } from '../../handler/sql-runner/identifiers';
import { markerFor, RETAINED, retainedMarkerFor } from '../../handler/sql-runner/marker';
import { MARKED_ROLES } from '../../handler/sql-runner/catalog/role';
import type { Owner } from '../../private/wire/sql';
import { gset } from './text';
import type { SqlOptions } from './options';

/** Placeholder in a mark for the key of the server, which the script reads when it runs. No custom resource has such a key. */
const SERVER_KEY = 'dba-server-key';

/** The owner in the mark: deployments leave its role and schema alone, and `--remove` finds them by it. */
export function ownerOf({ stackName }: SqlOptions): Owner {
  return { key: SERVER_KEY, id: SERVER_KEY, stackName };
}

/** Reads the key, which differs for each server, and builds the mark from it. */
export function readMark(options: SqlOptions): string {
  const key = `'dba-' || CASE WHEN has_function_privilege('pg_control_system()', 'EXECUTE')
         THEN (SELECT system_identifier::text FROM pg_control_system()) ELSE 'server' END`;
  const withKey = (mark: string) => `replace(${literal(mark).trim()}, '${SERVER_KEY}', k.key)`;
  const owner = ownerOf(options);
  return gset(
    `SELECT k.key AS server_key, ${withKey(markerFor(owner))} AS mark,\n       ${withKey(retainedMarkerFor(owner))} AS retained_mark\nFROM (SELECT ${key}) k (key)`,
  );
}

/** A statement of the sql-runner's plan, with the mark that `readMark` found. */
export function withMark(statement: string, options: SqlOptions): string {
  return statement.replace(literal(markerFor(ownerOf(options))), ` :'mark'`);
}

/** SQL that is true for the comment that the script writes on this server, whatever the name of the stack. */
export function isOurs(comment: string): string {
  const end = `'%[key=' || :'server_key' || ' id=' || :'server_key' || ']'`;
  return `coalesce(${comment}, '') LIKE 'Made by cdk-datafold-postgres ' || ${end}`;
}

/** A query that returns the role if this script created it: its creator is the administrator or a stronger role. */
export function ownRole(roleName: string): string {
  return `SELECT FROM (${MARKED_ROLES}) r\n  WHERE rolname = ${literal(roleName)} AND "isMarked" AND creators IS NULL AND ${isOurs('description')}`;
}

/** A query that returns the role if this script created it and its removal had to keep it. */
export function retainedRole(roleName: string): string {
  return `${ownRole(roleName)} AND position(${literal(RETAINED)} in description) > 0`;
}
