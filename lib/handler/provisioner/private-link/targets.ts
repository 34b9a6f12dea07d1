import type { Lifecycle, Run } from '../aws/run';
import { PreconditionFailed } from '../runtime/failure';
import type { Done, Outcome } from '../runtime/outcome';
import { resumable, waitUntil } from '../runtime/resumable';
import { type Request, UNKNOWN } from '../runtime/lifecycle';
import type { Target } from '../aws/private-link-ports';
import { findServer } from '../sql-client/server-address';
import { obstacle } from './decide';
import { followWriter } from './follow';
import { TARGETS, parseTargets, type PrivateLinkTargets, targetsId } from './properties';

/** How long a target may take to become healthy: a load balancer needs some minutes for its first checks. */
const MAX_UNHEALTHY_MS = 10 * 60_000;

/** No target became healthy in time. Does not fail a rollback. */
class Unhealthy extends PreconditionFailed {
  override readonly name = 'Unhealthy';
}

/** The targets of a load balancer: the writer of a server. */
export const privateLinkTargets: Lifecycle<PrivateLinkTargets> = {
  parse: parseTargets,
  idPrefix: TARGETS,

  create: registerUntilHealthy,
  update: registerUntilHealthy,

  async answerWithoutWork({ desired, physicalId }) {
    return {
      physicalId: physicalId.startsWith(TARGETS) ? physicalId : targetsId(desired),
      data: { Addresses: UNKNOWN, Host: UNKNOWN },
    };
  },

  /** CloudFormation deletes the targets with their target group. */
  async remove() {
    return undefined;
  },
};

/** Waits until connections reach the server; the writer may change meanwhile. */
async function registerUntilHealthy(
  { desired, state }: Request<PrivateLinkTargets>,
  run: Run,
): Promise<Outcome> {
  const { from = run.clock.now() } = (state ?? {}) as { from?: number };
  const check = async () => {
    const targets = await followWriter(run, desired, async (what, question) => run.call(what, question));
    const reason = obstacle(targets);
    if (reason === undefined) return targets;
    if (run.clock.now() - from >= MAX_UNHEALTHY_MS)
      throw new Unhealthy(
        `The load balancer of PrivateLink has no healthy target after ${MAX_UNHEALTHY_MS / 60_000} minutes, so Datafold can't reach the server. ${reason} Then deploy again.`,
      );
    return undefined;
  };
  const waitingFor = () => `a healthy target of ${desired.targetGroupArn}`;
  return resumable(
    run,
    async () => answerFor(run, desired, await waitUntil(run, waitingFor, check)),
    () => ({ from }),
  );
}

async function answerFor(run: Run, desired: PrivateLinkTargets, targets: readonly Target[]): Promise<Done> {
  const { host } = await findServer(run, desired.server);
  const addresses = targets.filter(({ state }) => state === 'healthy').map(({ address }) => address);
  return { physicalId: targetsId(desired), data: { Addresses: addresses.join(', '), Host: host } };
}
