import type { DatabaseGrants } from '../../database-grants';
import { Token } from 'aws-cdk-lib';
import { databaseProblems, schemaProblems } from './name-rules';
import { tablePatternProblem } from './table-pattern';

/** Returns the problems with the prop `databases`. */
export function grantsProblems(databases: readonly DatabaseGrants[], tempSchema: string): string[] {
  if (databases.length === 0) return ['`databases` must name at least one database, got: []'];
  return [
    ...duplicates(databases.map((d) => d.databaseName)).map(
      (name) => `\`databases\` must name each database once, got twice: ${name}`,
    ),
    ...duplicates(databases.flatMap((d) => d.dataSourceName ?? [])).map(
      (name) => `\`databases\` must give each data source a name of its own, got twice: ${name}`,
    ),
    ...databases.flatMap((d, i) => entryProblems(d, i, tempSchema)),
  ];
}

function duplicates(names: string[]): string[] {
  return names.filter((name, i) => !Token.isUnresolved(name) && names.indexOf(name) !== i);
}

function entryProblems(grants: DatabaseGrants, index: number, tempSchema: string): string[] {
  const prop = `databases[${index}]`;
  const { schemas, excludeSchemas = [], excludeTables = [] } = grants;
  const problems = [
    ...databaseProblems(`${prop}.databaseName`, grants.databaseName),
    ...(schemas ?? []).flatMap((name) => schemaProblems(`${prop}.schemas`, name)),
    ...excludeSchemas.flatMap((name) => schemaProblems(`${prop}.excludeSchemas`, name)),
    ...excludeTables
      .filter((text) => !Token.isUnresolved(text))
      .flatMap((text) => tablePatternProblem(`\`${prop}.excludeTables\``, text) ?? []),
  ];
  if (grants.dataSourceName === '') problems.push(`\`${prop}.dataSourceName\` must not be empty`);
  if (schemas?.length === 0)
    problems.push(`\`${prop}.schemas\` must name at least one schema (leave it out for all), got: []`);
  for (const name of schemas ?? []) {
    if (excludeSchemas.includes(name))
      problems.push(`\`${prop}\` has a schema both in \`schemas\` and in \`excludeSchemas\`: ${name}`);
    if (name === tempSchema)
      problems.push(`\`${prop}.schemas\` must not name the schema for temporary tables, got: ${name}`);
  }
  return problems;
}
