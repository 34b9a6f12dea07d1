import { Failure } from '../../failure';
import { isAws } from '../../aws/failure';
import type { ServerName, ServerState } from '../../aws/rds-ports';
import type { Run } from '../../run';
import { pendingReboot } from './notices';
import { until } from './rounds';
import { availableServer, findServer } from './server-status';

/** A reboot takes a minute or two; longer than that, something is wrong. */
const LONGEST_REBOOT = 15 * 60_000;
/** The status shows a reboot only after a moment. */
const SHORTEST_REBOOT = 15_000;
/** How long a change of a parameter may be on its way to the instances. */
const LONGEST_APPLYING = 5 * 60_000;

/** When each instance was rebooted, in milliseconds since 1970: none is rebooted twice. */
export type Reboots = Record<string, number>;

/** The server, once its parameters are on their way to nobody any more. */
export async function settledServer(run: Run, server: ServerName): Promise<ServerState> {
  const from = run.clock.now();
  return until(
    run,
    () => 'the parameters to be applied',
    async () => {
      const state = await availableServer(run, server);
      const applying = state.members.some(({ groupStatus }) => groupStatus === 'applying');
      return applying && run.clock.now() - from < LONGEST_APPLYING ? undefined : state;
    },
  );
}

/** Reboots the instances for which the group is not in force: the writer first, one after the other. */
export async function rebootPending(run: Run, server: ServerName, done: Reboots): Promise<ServerState> {
  for (;;) {
    const state = await settledServer(run, server);
    const [writer, ...readers] = [...state.members].sort((a, b) => Number(b.isWriter) - Number(a.isWriter));
    const [next] = pendingReboot(writer ? [writer, ...readers] : []);
    if (next === undefined) return state;
    await reboot(run, server, next, done);
  }
}

async function reboot(run: Run, server: ServerName, instance: string, done: Reboots): Promise<void> {
  const name = { kind: 'instance', identifier: instance } as const;
  await until(
    run,
    () => `the reboot of instance ${instance}`,
    async () => {
      const state = await findServer(run, name);
      if (!state) return true;
      const begun = done[instance];
      if (begun === undefined) return state.status === 'available' ? begin(run, instance, done) : undefined;
      if (run.clock.now() - begun < SHORTEST_REBOOT) return undefined;
      if (state.status === 'available' && !(await isPending(run, server, instance))) return true;
      if (run.clock.now() - begun > LONGEST_REBOOT)
        throw new Failure(
          `The instance ${instance} was rebooted for its parameter group, but is ${state.status} and still waits for the group. See the events of the instance in the RDS console, then deploy again.`,
        );
      return undefined;
    },
  );
}

async function begin(run: Run, instance: string, done: Reboots): Promise<undefined> {
  try {
    await run.call(`reboot of instance ${instance}`, () => run.aws.rds.reboot(instance));
    done[instance] = run.clock.now();
  } catch (error) {
    if (!isAws(error, 'InvalidDBInstanceState')) throw error;
  }
  return undefined;
}

async function isPending(run: Run, server: ServerName, instance: string): Promise<boolean> {
  const state = await findServer(run, server);
  return pendingReboot(state?.members ?? []).includes(instance);
}
