import { DatabaseAnswers, addRow, type OtherDatabases } from './answers';
import type { Part } from './part';
import { inspectionParts } from './parts';
import type { InspectionRequest } from './sql-ports';

/** More databases than this are named, not inspected. */
const MAX_DATABASES = 20;

/** The databases of users that accept connections. */
const DATABASES = `SELECT datname::text AS datafold FROM pg_database
  WHERE datallowconn AND NOT datistemplate AND datname <> 'rdsadmin' AND has_database_privilege(oid, 'CONNECT')
  ORDER BY datname`;

/** Runs queries that return one text column, `datafold`, in one database, read-only. A query that fails does not fail the others. */
export interface Reader {
  rows(sql: string): Promise<string[]>;
}

/** Opens a reader on a database and closes it afterwards. */
type WithReader = <T>(databaseName: string, work: (reader: Reader) => Promise<T>) => Promise<T>;

/** Inspects the databases of a server one after the other. */
export async function inspectServer(
  withReader: WithReader,
  { databases: named, maintenanceDatabase, ...spec }: InspectionRequest,
  describe: (error: unknown) => string,
): Promise<{ databases: DatabaseAnswers[]; left: OtherDatabases }> {
  const all = named ?? (await withReader(maintenanceDatabase, (reader) => reader.rows(DATABASES)));
  const parts = inspectionParts(spec);
  const left: { name: string; reason: string; isNamed?: true }[] = all
    .slice(MAX_DATABASES)
    .map((name) => ({ name, reason: `more than ${MAX_DATABASES} databases; name it by --database` }));
  const databases: DatabaseAnswers[] = [];
  const failures: unknown[] = [];
  for (const name of all.slice(0, MAX_DATABASES)) {
    try {
      databases.push(
        await withReader(name, async (reader) => inspectDatabase(reader, name, parts, describe)),
      );
    } catch (error) {
      failures.push(error);
      left.push({ name, reason: describe(error), ...(named && { isNamed: true }) });
    }
  }
  if (databases.length === 0 && failures.length > 0) throw failures[0];
  return { databases, left };
}

async function inspectDatabase(
  reader: Reader,
  name: string,
  parts: readonly Part[],
  describe: (error: unknown) => string,
): Promise<DatabaseAnswers> {
  const answers = new Map([[name, new DatabaseAnswers(name)]]);
  for (const { name: part, sql } of parts) {
    try {
      for (const line of await reader.rows(sql)) addRow(answers, line);
    } catch (error) {
      answers.get(name)!.errors.set(part, describe(error));
    }
  }
  return answers.get(name)!;
}
