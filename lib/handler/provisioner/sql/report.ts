import type { DatabaseReport, SqlReport, StepResult } from '../../../private/wire/sql';
import { Failure, shorten } from '../failure';
import type { Run } from '../run';

/** The attributes of the custom resource; each short, none secret. */
export function attributesOf(
  run: Run,
  roleName: string,
  { databases, notices }: SqlReport,
): Record<string, string> {
  const sum = (count: (database: DatabaseReport) => number) =>
    String(databases.reduce((total, database) => total + count(database), 0));
  const logStatements = new Set(databases.map(({ logStatement }) => logStatement ?? 'unknown'));
  return {
    RoleName: roleName,
    Databases: String(databases.length),
    Relations: sum(({ relations }) => relations),
    Unreadable: sum(({ unreadableCount }) => unreadableCount),
    LogStatement: [...logStatements].join(', '),
    Notices: shorten(run.clean(notices.join(' ')), 800),
    Steps: shorten(databases.map(summary).join('; '), 800),
  };
}

function summary({ databaseName, steps }: DatabaseReport): string {
  return `${databaseName}: ${steps.map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`).join(', ')}`;
}

/** Without these the role is of no use, whatever the statements said. */
export function assertUsable({ databases }: SqlReport, onUnreadable: 'fail' | 'warn'): void {
  const needed = ({ step }: StepResult) =>
    step === 'connection' ||
    step === 'temp_schema' ||
    (step === 'schema_download' && onUnreadable === 'fail');
  for (const { databaseName, steps } of databases) {
    const failed = steps.find((result) => needed(result) && !result.ok);
    if (failed)
      throw new Failure(`The test of database ${databaseName} failed at ${failed.step}: ${failed.message}`);
  }
}
