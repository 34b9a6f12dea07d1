import { PreconditionFailed, reasonOf } from '../runtime/failure';
import { isAws } from '../aws/failure';
import type { ServerName, ServerState } from '../aws/rds-ports';
import type { Run } from '../aws/run';
import { pendingReboot } from './notices';
import { waitUntil } from '../runtime/resumable';
import { availableServer, findServer, nameOf, readiness } from './server-status';

/** A reboot takes a minute or two, and RDS lets it begin soon; longer than that, something is wrong. */
const MAX_REBOOT_MS = 15 * 60_000;
/** The status shows a reboot only after a moment. */
const MIN_REBOOT_MS = 15_000;
/** How long a change of a parameter may be on its way to the instances. */
const MAX_APPLYING_MS = 5 * 60_000;

/** When RDS was first asked to reboot an instance and when it began to, in milliseconds since 1970: none is rebooted twice. */
export type Reboots = Record<string, { readonly askedAt: number; readonly begunAt?: number }>;

/** The server, once its parameters are on their way to nobody any more. */
export async function settledServer(run: Run, server: ServerName): Promise<ServerState> {
  const from = run.clock.now();
  return waitUntil(
    run,
    () => 'the parameters to be applied',
    async () => {
      const state = await availableServer(run, server);
      const applying = state.members.some(({ groupStatus }) => groupStatus === 'applying');
      return applying && run.clock.now() - from < MAX_APPLYING_MS ? undefined : state;
    },
  );
}

/**
 * Reboots the instances for which the group is not in effect: the writer first, one after the other.
 *
 * Fails for one that can't be rebooted, unless `passOver` takes the error.
 */
export async function rebootPending(
  run: Run,
  server: ServerName,
  reboots: Reboots,
  passOver: (instance: string, error: unknown) => void = rethrow,
): Promise<ServerState> {
  const passedOver = new Set<string>();
  for (;;) {
    const state = await settledServer(run, server);
    const writerFirst = [...state.members].sort((a, b) => Number(b.isWriter) - Number(a.isWriter));
    const next = pendingReboot(writerFirst).find((instance) => !passedOver.has(instance));
    if (next === undefined) return state;
    await reboot(run, server, next, reboots).catch((error: unknown) => {
      passOver(next, error);
      passedOver.add(next);
    });
  }
}

/** The same where all else is put back: an instance that can't be rebooted is left to a person, and logs until then. */
export async function rebootIfPossible(run: Run, server: ServerName, reboots: Reboots): Promise<void> {
  const leave = (what: string, error: unknown) => {
    if (!(error instanceof PreconditionFailed || isAws(error, 'AccessDenied'))) throw error;
    run.log.warn('not rebooted: it logs its statements until somebody does that', {
      server: what,
      error: reasonOf(error),
    });
  };
  await rebootPending(run, server, reboots, leave).catch((error: unknown) => leave(nameOf(server), error));
}

function rethrow(_instance: string, error: unknown): never {
  throw error;
}

async function reboot(run: Run, server: ServerName, instance: string, reboots: Reboots): Promise<void> {
  const name = { kind: 'instance', identifier: instance } as const;
  await waitUntil(
    run,
    () => `the reboot of instance ${instance}`,
    async () => {
      const state = await findServer(run, name);
      // A cluster goes on to list an instance that is gone for a moment.
      if (!state) return (await isPending(run, server, instance)) ? undefined : true;
      const isReady = readiness(state.status) === 'ready';
      const { askedAt, begunAt } = reboots[instance] ?? {};
      const now = run.clock.now();
      if (begunAt !== undefined && now - begunAt < MIN_REBOOT_MS) return undefined;
      if (begunAt !== undefined && isReady && !(await isPending(run, server, instance))) return true;
      const from = begunAt ?? askedAt;
      if (from !== undefined && now - from > MAX_REBOOT_MS)
        throw notRebooted(instance, state.status, begunAt !== undefined);
      if (begunAt === undefined && readiness(state.status) !== 'passing') await begin(run, instance, reboots);
      return undefined;
    },
  );
}

/** RDS alone knows in which states an instance can be rebooted. */
async function begin(run: Run, instance: string, reboots: Reboots): Promise<void> {
  const asked = { askedAt: reboots[instance]?.askedAt ?? run.clock.now() };
  reboots[instance] = asked;
  try {
    await run.call(`reboot of instance ${instance}`, () => run.aws.rds.reboot(instance));
    reboots[instance] = { ...asked, begunAt: run.clock.now() };
  } catch (error) {
    if (!isAws(error, 'InvalidDBInstanceState')) throw error;
  }
}

function notRebooted(instance: string, status: string, begun: boolean): PreconditionFailed {
  const what = begun
    ? `was rebooted for its parameter group, but is ${status} and still waits for the group`
    : `is to be rebooted for its parameter group, but is ${status}, and RDS has not let it be rebooted for ${MAX_REBOOT_MS / 60_000} minutes`;
  return new PreconditionFailed(
    `The instance ${instance} ${what}. See the events of the instance in the RDS console, then deploy again.`,
  );
}

async function isPending(run: Run, server: ServerName, instance: string): Promise<boolean> {
  const state = await findServer(run, server);
  return pendingReboot(state?.members ?? []).includes(instance);
}
