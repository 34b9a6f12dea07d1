import { nearMiss } from './near-miss';
import { PROP_NAMES, type Struct, STRUCT_OF_PROP } from './prop-names';

const known = new Set<string>(Object.values(PROP_NAMES).flat());

/**
 * Returns a problem for each prop that seems to be misspelled.
 *
 * An app may pass an object of a wider type of its own, so other unknown props are none of ours. A database has no such type:
 * an exclusion that is not known would let Datafold read more than it should.
 */
export function unknownProps(props: object, struct: Struct): string[] {
  const names: readonly string[] = PROP_NAMES[struct];
  const databases = (props as { databases?: unknown }).databases;
  const grants = Array.isArray(databases) && names.includes('databases') ? databases.filter(isObject) : [];
  return [
    ...misspelled(props, names, ''),
    ...(grants.length > 0 ? misplaced(props, names, grants) : []),
    ...grants.flatMap((grant) =>
      unknownGrants(grant, `databases[${(databases as unknown[]).indexOf(grant)}].`),
    ),
    ...Object.entries(STRUCT_OF_PROP).flatMap(([name, nested]) => {
      const value = (props as Readonly<Record<string, unknown>>)[name];
      return isObject(value) && names.includes(name) ? misspelled(value, PROP_NAMES[nested], `${name}.`) : [];
    }),
  ];
}

/** Returns the problems with names that resemble a prop which is not given. */
export function misspelled(props: object, names: readonly string[], prefix: string): string[] {
  const absent = names.filter((name) => !(name in props));
  return given(props)
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const meant = nearMiss(name, absent);
      return meant === undefined ? [] : [`there is no prop \`${prefix}${name}\`. Did you mean \`${meant}\`?`];
    });
}

/** Returns the problems with props of a database that are given beside `databases`, and to no database. */
function misplaced(props: object, names: readonly string[], grants: readonly object[]): string[] {
  const ofDatabases = PROP_NAMES.DatabaseGrants.filter((name) => grants.every((grant) => !(name in grant)));
  return given(props).flatMap((name) => {
    if (names.includes(name) || nearMiss(name, names) !== undefined) return [];
    const meant = nearMiss(name, ofDatabases);
    return meant === undefined
      ? []
      : [
          `there is no prop \`${name}\`. Give it to a database: databases: [{ databaseName: 'app', ${meant}: … }]`,
        ];
  });
}

function unknownGrants(grant: object, prefix: string): string[] {
  const names = PROP_NAMES.DatabaseGrants;
  return given(grant)
    .filter((name) => !(names as readonly string[]).includes(name))
    .map((name) => {
      const meant = nearMiss(name, names);
      const advice =
        meant === undefined ? `A database has ${names.join(', ')}` : `Did you mean \`${meant}\`?`;
      return `there is no prop \`${prefix}${name}\`. ${advice}`;
    });
}

const given = (props: object) =>
  Object.entries(props)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);

/** Returns true for an object or an array. */
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
