import type { LogExclusions } from '../../../private/wire/sql';
import { CheckFailed, Failure, reasonOf } from '../failure';
import type { Lifecycle, UpdateRequest } from '../lifecycle';
import type { Done } from '../outcome';
import { parseLogExclusions, type LogExclusionsRequest } from '../parse/log-exclusions';
import { isLogExclusionsId, logExclusionsId } from '../physical-ids';
import type { Run } from '../run';
import { SqlRunFailure } from '../sql/invoke';
import { askPatiently } from '../sql/patiently';
import { readAdmin } from '../sql/request';
import { findServer } from '../sql/server-address';
import { goneThing } from './database-access-removal';

const NOBODY: LogExclusions = { roles: [], databases: [] };

/** Roles and databases of a server that log no statements, whatever the server logs. */
export const logExclusions: Lifecycle<LogExclusionsRequest> = {
  parse: parseLogExclusions,
  isOurs: isLogExclusionsId,

  async create({ wanted }, run) {
    return exclude(run, wanted, wanted.exclusions, NOBODY);
  },

  /** Another server gives another id: CloudFormation then deletes the old one. */
  async update(request, run) {
    const { wanted, previous } = request;
    const same = previous && logExclusionsId(previous.server) === logExclusionsId(wanted.server);
    const former = same ? previous.exclusions : NOBODY;
    const done = await exclude(run, wanted, wanted.exclusions, former).catch((error: unknown) => {
      if (!(error instanceof SqlRunFailure && error.refused)) throw error;
      throw new CheckFailed(error, async () => this.answerWithoutWork(request, error.message, run));
    });
    await leaveOther(request, run);
    return done;
  },

  async answerWithoutWork(request, notice, run) {
    await leaveOther(request, run);
    return answerFor(request.wanted, [notice]);
  },

  async remove({ wanted, physicalId }, run) {
    if (physicalId === undefined) await logAgainIfPossible(run, wanted);
    else await putBack(run, wanted);
  },
};

/** After an update that failed, which wanted another server: what it may have left there goes. */
async function leaveOther(
  { wanted, previous, physicalId }: UpdateRequest<LogExclusionsRequest>,
  run: Run,
): Promise<void> {
  const id = logExclusionsId(wanted.server);
  if (previous && logExclusionsId(previous.server) !== id && id === physicalId)
    await logAgainIfPossible(run, previous);
}

/** Everybody is logged again, as far as runs took them out of the log. */
async function putBack(run: Run, wanted: LogExclusionsRequest): Promise<void> {
  await exclude(run, wanted, NOBODY, wanted.exclusions).catch((error: unknown) => {
    const gone = goneThing(error, wanted);
    if (!gone) throw error;
    run.log.info(`nothing to put back: ${gone} is gone`);
  });
}

async function exclude(
  run: Run,
  target: LogExclusionsRequest,
  wanted: LogExclusions,
  former: LogExclusions,
): Promise<Done> {
  const { sqlRunner, maintenanceDatabase, adminSecret } = target;
  const { notices } = await askPatiently(run, sqlRunner, async () => ({
    operation: 'exclude-from-log',
    server: await findServer(run, target.server),
    admin: await readAdmin(run, adminSecret),
    maintenanceDatabase,
    wanted,
    former,
  }));
  for (const notice of notices) run.log.warn('notice', { notice });
  return answerFor(target, notices);
}

function answerFor({ server }: LogExclusionsRequest, notices: readonly string[]): Done {
  return { physicalId: logExclusionsId(server), data: { Notices: notices.join(' ') } };
}

/** After a failure: nothing should have been changed, since it is all or nothing; but a last answer may be lost. */
async function logAgainIfPossible(run: Run, target: LogExclusionsRequest): Promise<void> {
  await exclude(run, target, NOBODY, target.exclusions).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    run.log.warn('nothing put back', { error: reasonOf(error) });
  });
}
