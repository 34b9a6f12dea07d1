import { PreconditionFailed, reasonOf } from '../runtime/failure';
import { isAws } from '../aws/failure';
import { type ServerName, type ServerState, nameOf } from '../aws/rds-ports';
import type { Run } from '../aws/run';
import { pendingReboot } from './notices';
import { waitUntil } from '../runtime/resumable';
import { availableServer, findServer, readiness } from './server-status';

/** A reboot takes a minute or two and starts soon; a longer wait means a problem. */
const MAX_REBOOT_MS = 15 * 60_000;
/** The status of the instance shows a reboot only after a moment. */
const MIN_REBOOT_MS = 15_000;
/** How long RDS may take to apply a parameter to the instances. */
const MAX_APPLYING_MS = 5 * 60_000;

/** Per instance, when a reboot was first requested and when it started, in milliseconds since 1970: no instance is rebooted twice. */
export type Reboots = Record<string, { readonly askedAt: number; readonly begunAt?: number }>;

/** Returns the server after RDS has applied its parameters to all instances. */
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
 * Reboots the instances on which the group is not in effect, one after the other, the writer first.
 *
 * Fails if an instance can't be rebooted, unless `passOver` accepts the error.
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

/** Reboots pending instances after a removal. An instance that can't be rebooted is reported and logs until a later reboot. */
export async function rebootIfPossible(run: Run, server: ServerName, reboots: Reboots): Promise<void> {
  const leave = (what: string, error: unknown) => {
    if (!(error instanceof PreconditionFailed || isAws(error, 'AccessDenied'))) throw error;
    run.log.warn('not rebooted: statements are logged until the next reboot', {
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
      // A cluster still lists a deleted instance for a moment.
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

/** Requests a reboot. Only RDS knows in which states an instance can be rebooted. */
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
    ? `was rebooted for its parameter group, but is ${status} and the group is still not in effect`
    : `needs a reboot for its parameter group, but is ${status}, and RDS has not allowed a reboot for ${MAX_REBOOT_MS / 60_000} minutes`;
  return new PreconditionFailed(
    `The instance ${instance} ${what}. See the events of the instance in the RDS console, then deploy again.`,
  );
}

async function isPending(run: Run, server: ServerName, instance: string): Promise<boolean> {
  const state = await findServer(run, server);
  return pendingReboot(state?.members ?? []).includes(instance);
}
