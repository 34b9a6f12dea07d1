import type { GroupName, Tags } from './rds-ports';
import { PreconditionFailed } from '../runtime/failure';
import type { Run } from './run';

/** Of RDS and of CloudWatch Logs alike; those of AWS (`aws:…`) are not counted. */
const MAX_TAGS = 50;

/**
 * The tags for what is made: those of the stack, and over them those that the app gives the construct.
 *
 * CloudFormation hands the tags of a stack to its own resources only. The app does not know those of `cdk deploy --tags`, of a
 * stack set or of the console, so the stack is asked.
 */
export async function tagsForNew(run: Run, given: Tags): Promise<Tags> {
  if (run.stackId === '') return withoutAwsTags(given);
  const ofStack = await run
    .call('tags of the stack', () => run.aws.stacks.tags(run.stackId))
    .catch((error: unknown) => {
      run.log.warn('the tags of the stack are not known: only those of the app are given', {
        error: error instanceof Error ? error.message : String(error),
      });
      return {};
    });
  return withoutAwsTags({ ...ofStack, ...given });
}

/** Gives a log group that was made the tags of now in place of those of before. */
export async function renewLogGroupTags(run: Run, name: string, given: Tags, previous?: Tags): Promise<void> {
  const { logs } = run.aws;
  const found = await run.call(`tags of log group ${name}`, () => logs.readTags(name));
  const { add, remove } = tagChanges(found, await tagsForNew(run, given), previous);
  if (Object.keys(add).length > 0) await run.call(`tags for log group ${name}`, () => logs.tag(name, add));
  if (remove.length > 0)
    await run.call(`removal of tags of log group ${name}`, () => logs.untag(name, remove));
}

/** The same for a parameter group. */
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

/** What is to change where the app gives other tags than before; what somebody else gave stays. */
function tagChanges(
  found: Tags,
  desired: Tags,
  previous: Tags = {},
): { readonly add: Tags; readonly remove: readonly string[] } {
  const add = Object.entries(desired).filter(([key, value]) => found[key] !== value);
  const remove = Object.keys(previous).filter((key) => key in found && !(key in desired));
  return { add: Object.fromEntries(add), remove };
}

/** Fails where there is no room for the tags. */
export function assertRoomForTags(what: string, found: Tags, added: Tags): void {
  const others = Object.keys(withoutAwsTags(found)).filter((key) => !(key in added)).length;
  const count = Object.keys(added).length;
  if (others + count <= MAX_TAGS) return;
  throw new PreconditionFailed(
    `The ${what} has ${others} tags, and ${count} more are needed to remember what it was like before; AWS allows ${MAX_TAGS}. Nothing was changed. Remove ${others + count - MAX_TAGS} of its tags, then deploy again.`,
  );
}

/** The tags of something new, with the record; fails where they are too many. */
export function withRecord(what: string, given: Tags, record: Tags): Tags {
  const tags = { ...given, ...record };
  const [all, ofRecord] = [Object.keys(tags).length, Object.keys(record).length];
  if (all <= MAX_TAGS) return tags;
  throw new PreconditionFailed(
    `The ${what} is to have ${all} tags: ${all - ofRecord} of the stack and the app, ${ofRecord} that remember what the server was like before; AWS allows ${MAX_TAGS}. Take ${all - MAX_TAGS} away, then deploy again.`,
  );
}

function withoutAwsTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !/^aws:/i.test(key)));
}
