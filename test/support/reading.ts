import type { DatabaseReport } from '../../lib/private/wire/sql-reports';
import type { Credentials } from './postgres';
import type { TestServer } from './with-server';

/** The relations whose reading fails, as a report names them, with why and what to do. */
export function failingOf({ failing = [] }: DatabaseReport) {
  return Object.fromEntries(
    failing.map(({ relation, reason, next }) => [relation.replaceAll('"', ''), [reason, next]]),
  );
}

/** The code with which a role fails to read each relation of the database app, or how many rows it gets. */
export async function readAll(server: TestServer, relations: readonly string[], as: Credentials) {
  const results: Record<string, unknown> = {};
  for (const relation of relations)
    results[relation] = await server.sql(`SELECT * FROM ${relation}`, 'app', as).then(
      (rows) => rows.length,
      (error: { code: string }) => error.code,
    );
  return results;
}
