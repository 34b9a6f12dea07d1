import type { LogGroupState } from '../aws/ports';
import { CheckFailed, Failure, PreconditionFailed, reasonOf } from '../runtime/failure';
import type { UpdateRequest } from '../runtime/lifecycle';
import type { Done, Outcome } from '../runtime/outcome';
import { parseLogGroup, type LogGroupRequest } from './properties';
import { isOfLogGroup, logGroupId, logGroupIdWithoutSettings, settingsIn } from './physical-id';
import type { Lifecycle, Run } from '../aws/run';
import {
  completeOriginal,
  findLogGroup,
  finishSetUp,
  leaveLogGroup,
  setUpLogGroup,
  type OwnedLogGroup,
} from './owned';
import { confirmedOriginal, readTagsIfAllowed } from './record';
import { setUpThenRemovePrevious, type PreviousTarget } from '../runtime/previous-target';
import {
  coOwnersIn,
  logGroupRecordIn,
  logRequirements,
  requirementsOf,
  type Requirements,
} from './requirements';

/**
 * Retention, key and masking of a log group that RDS may have created first.
 *
 * A Delete keeps the group, since RDS may still write to it. The original settings are written into its tags before the first
 * change, so that an interrupted or repeated Create keeps them, and into the physical id, which outlives the tags but can't
 * change.
 */
export const logGroup: Lifecycle<LogGroupRequest> = {
  parse: parseLogGroup,
  idPrefix: 'datafold-log-group:',
  removesPrevious: true,

  async create({ desired, ownerKey }, run) {
    return adopt(run, desired, ownerKey);
  },

  /** The previous group is restored last, while the policy that allows it still exists. */
  async update(request, run) {
    const { desired, previous, physicalId, ownerKey } = request;
    return removePreviousTarget(request, run, async () => {
      const name = desired.logGroupName;
      const before = isMove(request) ? undefined : previous;
      const group = await inspect(run, name, ownerKey, {
        fromId: settingsIn(physicalId, name),
        before: logRequirements(before ?? desired),
      });
      const id = logGroupId(name, group.original);
      const change = { desired, previous: before, needs: logRequirements(desired) };
      const changed = await setUpLogGroup(run, group, change).catch((error: unknown) => {
        if (!(error instanceof PreconditionFailed)) throw error;
        throw new CheckFailed(error, async () =>
          removePreviousTarget(request, run, async () => done(desired, id)),
        );
      });
      await finishSetUp(run, changed, change);
      return done(desired, id, changed.notices?.join(' '));
    });
  },

  /** Restores the other group that the failed update changed, if possible. */
  async answerWithoutWork(request, notice, run) {
    const { desired } = request;
    const id = logGroupIdWithoutSettings(desired.logGroupName);
    return removePreviousTarget(request, run, async () => done(desired, id, notice));
  },

  async remove({ desired, physicalId, ownerKey }, run) {
    const before = physicalId === undefined ? undefined : settingsIn(physicalId, desired.logGroupName);
    await leave(run, desired, ownerKey, before);
  },
};

function isMove({ previous, desired }: UpdateRequest<LogGroupRequest>): boolean {
  return previous !== undefined && previous.logGroupName !== desired.logGroupName;
}

async function removePreviousTarget(
  request: UpdateRequest<LogGroupRequest>,
  run: Run,
  setUp: () => Promise<Done>,
): Promise<Outcome> {
  const { previous, desired, physicalId } = request;
  const isMoving = previous && isMove(request);
  return setUpThenRemovePrevious(
    {
      request,
      isAtTarget: isOfLogGroup(physicalId, desired.logGroupName),
      setUp,
      previous: isMoving ? previousTarget(request, previous, run) : undefined,
    },
    run,
  );
}

function previousTarget(
  { ownerKey, physicalId, desired }: UpdateRequest<LogGroupRequest>,
  previous: LogGroupRequest,
  run: Run,
): PreviousTarget {
  const { logGroupName, serverResource } = previous;
  return {
    mayBeLeft: `Retention, key and masking of the log group ${logGroupName} may still be set: the original settings could not be restored.`,
    isReplacedByStack: serverResource !== undefined && serverResource === desired.serverResource,
    async remove() {
      await leave(run, previous, ownerKey, settingsIn(physicalId, logGroupName));
      return undefined;
    },
  };
}

/** Sets up the group. Its current settings count as the original ones unless the tags have a record. */
export async function adopt(run: Run, desired: LogGroupRequest, ownerKey: string): Promise<Done> {
  const needs = logRequirements(desired);
  const group = await inspect(run, desired.logGroupName, ownerKey);
  try {
    const { notices = [] } = await setUpLogGroup(run, group, { desired, needs });
    return done(desired, logGroupId(desired.logGroupName, group.original), notices.join(' '));
  } catch (error) {
    await leave(run, desired, ownerKey, group.original).catch((second: unknown) => {
      throw new Failure(`${reasonOf(error)} Reverting the changes failed too: ${reasonOf(second)}`);
    });
    throw error;
  }
}

/** The original settings by the physical id, and what this owner required when nothing else records it. */
interface Evidence {
  readonly fromId?: LogGroupState;
  readonly before?: Requirements;
}

/** Reads the record by the tags, else by the physical id. */
async function inspect(
  run: Run,
  name: string,
  ownerKey: string,
  { fromId, before = {} }: Evidence = {},
): Promise<OwnedLogGroup> {
  // First the state: if another owner has changed it, the tags then have the original settings.
  const now = await findLogGroup(run, name);
  const tags = await readTagsIfAllowed(run, name);
  const record = logGroupRecordIn(tags, ownerKey);
  const coOwners = coOwnersIn(ownerKey, tags);
  const recorded = confirmedOriginal(run, record, fromId, now, name) ?? fromId;
  const required = [record.own ?? (fromId ? before : {}), ...coOwners.map(requirementsOf)];
  const original = completeOriginal(now, recorded, required, ownerKey);
  return { ownerKey, original, recorded: record.own, coOwners };
}

/** Restores the group by its record, else by the physical id. */
async function leave(
  run: Run,
  desired: LogGroupRequest,
  ownerKey: string,
  fromId?: LogGroupState,
): Promise<void> {
  const group = await inspect(run, desired.logGroupName, ownerKey, {
    fromId,
    before: logRequirements(desired),
  });
  if (group.recorded || fromId) await leaveLogGroup(run, group, desired);
}

function done({ logGroupName }: LogGroupRequest, physicalId: string, Notice = ''): Done {
  return { physicalId, data: { LogGroupName: logGroupName, Notice } };
}
