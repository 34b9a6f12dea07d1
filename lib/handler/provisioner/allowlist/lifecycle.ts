import { type NetworkStatus, networkText } from '../../network-status';
import type { Lifecycle, Run } from '../aws/run';
import { PreconditionFailed } from '../runtime/failure';
import { type Request, UNKNOWN } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import { poll, within } from '../runtime/retry';
import { type AllowedAddresses, allowlistPorts, inspectAllowlist } from './inspect';
import { allowlistId, ALLOWLIST, parseAllowlist } from './properties';

/** EC2 may take some seconds to show a rule that was just added (EC2 API reference, "Eventual consistency"). */
const RETRY_WINDOW_MS = 20_000;
const PAUSE_MS = 5_000;

/** Datafold's addresses do not reach the server. Does not fail a rollback. */
class Unreachable extends PreconditionFailed {
  override readonly name = 'Unreachable';
}

/** Checks that Datafold's addresses reach a publicly accessible server. Changes nothing. */
export const allowlist: Lifecycle<AllowedAddresses> = {
  parse: parseAllowlist,
  idPrefix: ALLOWLIST,
  create: check,
  update: check,
  async answerWithoutWork({ desired }) {
    return { physicalId: allowlistId(desired), data: { Network: UNKNOWN } };
  },
  async remove() {
    return undefined;
  },
};

async function check({ desired }: Request<AllowedAddresses>, run: Run): Promise<Done> {
  const ports = allowlistPorts(run.aws);
  const inspect = async () => inspectAllowlist(ports, desired, async (what, call) => run.call(what, call));
  let status: NetworkStatus | undefined;
  const passes = async () => {
    status = await inspect();
    return status.state === 'ok' ? status : undefined;
  };
  const passed = await poll(run, { firstPauseMs: PAUSE_MS }, passes, within(RETRY_WINDOW_MS));
  if (!passed) throw new Unreachable(`${status?.message} ${status?.next}`);
  run.log.info('network', { status: passed.message });
  return { physicalId: allowlistId(desired), data: { Network: networkText(passed) } };
}
