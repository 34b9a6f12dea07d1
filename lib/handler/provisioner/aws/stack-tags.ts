import type { GroupName, Tags } from './rds-ports';
import { PreconditionFailed } from '../runtime/failure';
import type { Run } from './run';

/** The limit of RDS and of CloudWatch Logs; tags of AWS (`aws:…`) do not count. */
const MAX_TAGS = 50;

/**
 * Returns the tags for a new object: those of the stack, which the tags of the construct override.
 *
 * CloudFormation passes the tags of a stack only to its own resources. The app does not know the tags of `cdk deploy --tags`,
 * of a stack set or of the console, so they are read from the stack.
 */
export async function tagsForNew(run: Run, given: Tags): Promise<Tags> {
  const { stackId } = run;
  if (stackId === undefined) return withoutAwsTags(given);
  const ofStack = await run
    .call('tags of the stack', () => run.aws.stacks.tags(stackId))
    .catch((error: unknown) => {
      run.log.warn('the tags of the stack can not be read: only the tags of the app are set', {
        error: error instanceof Error ? error.message : String(error),
      });
      return {};
    });
  return withoutAwsTags({ ...ofStack, ...given });
}

/** Replaces the previous tags of a log group that was created by the current ones. */
export async function renewLogGroupTags(run: Run, name: string, given: Tags, previous?: Tags): Promise<void> {
  const { logs } = run.aws;
  const found = await run.call(`tags of log group ${name}`, () => logs.readTags(name));
  const { add, remove } = tagChanges(found, await tagsForNew(run, given), previous);
  if (Object.keys(add).length > 0) await run.call(`tags for log group ${name}`, () => logs.tag(name, add));
  if (remove.length > 0)
    await run.call(`removal of tags of log group ${name}`, () => logs.untag(name, remove));
}

/** Replaces the previous tags of a parameter group by the current ones. */
export async function renewGroupTags(
  run: Run,
  group: GroupName,
  given: Tags,
  previous?: Tags,
): Promise<void> {
  const { rds } = run.aws;
  const state = await run.call(`parameter group ${group.name}`, () => rds.findGroup(group));
  if (!state) return;
  const found = await run.call(`tags of parameter group ${group.name}`, () => rds.tagsOf(state.arn));
  const { add, remove } = tagChanges(found, await tagsForNew(run, given), previous);
  if (Object.keys(add).length > 0)
    await run.call(`tags for parameter group ${group.name}`, () => rds.tag(state.arn, add));
  if (remove.length > 0)
    await run.call(`removal of tags of parameter group ${group.name}`, () => rds.untag(state.arn, remove));
}

/** Returns the tags to add and to remove; tags of others are kept. */
function tagChanges(
  found: Tags,
  desired: Tags,
  previous: Tags = {},
): { readonly add: Tags; readonly remove: readonly string[] } {
  const add = Object.entries(desired).filter(([key, value]) => found[key] !== value);
  const remove = Object.keys(previous).filter((key) => key in found && !(key in desired));
  return { add: Object.fromEntries(add), remove };
}

/** Throws PreconditionFailed if the tags exceed the limit. */
export function assertTagsFit(what: string, found: Tags, added: Tags): void {
  const others = Object.keys(withoutAwsTags(found)).filter((key) => !(key in added)).length;
  const count = Object.keys(added).length;
  if (others + count <= MAX_TAGS) return;
  throw new PreconditionFailed(
    `The ${what} has ${others} tags, and ${count} more are needed for the record of its original settings; AWS allows ${MAX_TAGS}. Nothing was changed. Remove ${others + count - MAX_TAGS} of its tags, then deploy again.`,
  );
}

/** Returns the tags of a new object with the record. Throws PreconditionFailed if they exceed the limit. */
export function withRecord(what: string, given: Tags, record: Tags): Tags {
  const tags = { ...given, ...record };
  const [all, ofRecord] = [Object.keys(tags).length, Object.keys(record).length];
  if (all <= MAX_TAGS) return tags;
  throw new PreconditionFailed(
    `The ${what} needs ${all} tags: ${all - ofRecord} of the stack and the app, ${ofRecord} for the record of the original settings; AWS allows ${MAX_TAGS}. Remove ${all - MAX_TAGS} of them, then deploy again.`,
  );
}

function withoutAwsTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !/^aws:/i.test(key)));
}
