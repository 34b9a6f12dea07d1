import { packagedVersion } from './postgres-server/binaries';

const MAJOR = parseInt(packagedVersion(), 10);

/** A test of what a major version of PostgreSQL brought; skipped on older ones. */
export const testSince = (major: number) => (MAJOR >= major ? test : test.skip);

/** A test for each row; `since` says which major version of PostgreSQL the row needs. `%s` in the title is the first value. */
export function testEachSince<Row extends readonly unknown[]>(
  rows: readonly Row[],
  since: (row: Row) => number,
): (title: string, run: (...row: Row) => Promise<void>) => void {
  return (title, run) => {
    for (const row of rows)
      testSince(since(row))(title.replace('%s', String(row[0])), async () => run(...row));
  };
}
