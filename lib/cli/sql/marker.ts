import { literal } from '../../handler/sql-runner/identifiers';
import { markerFor } from '../../handler/sql-runner/marker';
import type { Owner } from '../../private/wire/sql';
import type { SqlWish } from './wish';

/** Not the key of any custom resource: those are hashes. */
const KEY = 'dba';

/** Whose role and schema are: deployments leave them alone, and `--remove` knows them by it. */
export function ownerOf({ stackName }: SqlWish): Owner {
  return { key: KEY, id: KEY, stackName };
}

/** SQL that is true for a comment that the script wrote. */
export function isOurs(comment: string): string {
  return `coalesce(${comment}, '') LIKE ${literal(`Made by cdk-datafold-postgres %[key=${KEY} id=${KEY}]`)}`;
}

/** SQL that is true for the comment of any schema that this library made. */
export function isMarked(comment: string): string {
  const [before, after] = markerFor({ key: KEY, id: KEY, stackName: '\n' }).split('\n');
  const pattern = `${before}%${after.slice(0, after.indexOf('[key='))}[key=% id=%]`;
  return `coalesce(${comment}, '') LIKE ${literal(pattern)}`;
}
