import type { StatementLoggingRequest } from '../../parse/statement-logging';
import type { Run } from '../../run';
import { changeLogGroup, ensureLogGroup } from '../log-group';
import { mask, unmask } from '../log-group-masking';
import { settingsAfter, settingsFor } from '../log-group-settings';
import type { LoggingRecord } from './record';

/** Sees to retention, key and masking of the log group: before RDS writes to it, so that RDS finds it. */
export async function setUpLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  before: NonNullable<LoggingRecord['logGroup']>,
  previous?: StatementLoggingRequest,
): Promise<void> {
  await ensureLogGroup(run, log);
  const left = previous ? settingsFor(before, previous.log) : before;
  await changeLogGroup(run, log.logGroupName, left, settingsFor(before, log));
  await mask(run, log, previous?.log);
}

export async function putBackLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  before: NonNullable<LoggingRecord['logGroup']>,
  keepMasking: boolean,
): Promise<void> {
  const left = settingsFor(before, log);
  const found = await changeLogGroup(run, log.logGroupName, left, settingsAfter(before, log));
  if (found && !keepMasking) await unmask(run, log);
}
