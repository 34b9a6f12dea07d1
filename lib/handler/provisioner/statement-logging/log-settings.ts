import type { Tags } from '../aws/rds-ports';
import type { StatementLoggingRequest } from './properties';
import type { Run } from '../aws/run';
import { isMadeAnew } from '../log-group/anew';
import { changeLogGroup, ensureLogGroup } from '../log-group/lifecycle';
import { mask, unmask } from '../log-group/masking';
import { renewLogGroupTags } from '../aws/stack-tags';
import { settingsAfter, settingsFor } from '../log-group/settings';
import { tagPrefix, tagsOf, type LoggingRecord } from './record';

/** Sees to retention, key and masking of the log group: before RDS writes to it, so that RDS finds it. */
export async function setUpLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  before: NonNullable<LoggingRecord['logGroup']>,
  { ownerKey, previous }: { readonly ownerKey: string; readonly previous?: StatementLoggingRequest },
): Promise<void> {
  const tags = tagsOf({ logGroup: before }, tagPrefix(ownerKey));
  const anew = await isMadeAnew(run, log.logGroupName, ownerKey);
  await ensureLogGroup(run, log, tags);
  await confirmOnLogGroup(run, log.logGroupName, tags);
  if (previous && before.made) await renewLogGroupTags(run, log.logGroupName, log.tags, previous.log.tags);
  const left = previous ? settingsFor(before, previous.log) : before;
  await changeLogGroup(run, log.logGroupName, left, settingsFor(before, log), anew ? [{}] : []);
  await mask(run, log, previous?.log);
}

/** Writes into the tags of the log group what those of the server say of it: one confirms the other. */
export async function confirmOnLogGroup(run: Run, name: string, tags: Tags): Promise<void> {
  const found = await run.call(`tags of log group ${name}`, () => run.aws.logs.readTags(name));
  if (Object.entries(tags).some(([key, value]) => found[key] !== value))
    await run.call(`record of the former settings of log group ${name}`, () => run.aws.logs.tag(name, tags));
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
