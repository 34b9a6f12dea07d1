import { PreconditionFailed } from '../runtime/failure';
import { type ServerName, type ServerState, nameOf } from '../aws/rds-ports';
import type { Run } from '../aws/run';
import { waitUntil } from '../runtime/resumable';

/** States in which a server accepts changes. */
const READY = ['available', 'storage-optimization', 'storage-config-upgrade'];

/** States that do not end without intervention. */
const STUCK = [
  'deleting',
  'failed',
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
  'incompatible-credentials',
  'incompatible-network',
  'incompatible-option-group',
  'incompatible-parameters',
  'incompatible-restore',
  'insufficient-capacity',
  'restore-error',
  'stopped',
  'stopping',
  'storage-full',
];

/** Whether RDS accepts a change of a server: at once, later, or only after somebody intervenes. */
export type Readiness = 'ready' | 'passing' | 'stuck';

/** Classifies a status: ready, passing by itself, or stuck. */
export function readiness(status: string): Readiness {
  if (READY.includes(status)) return 'ready';
  return STUCK.includes(status) ? 'stuck' : 'passing';
}

/** Returns a server as RDS describes it; undefined if it does not exist. */
export async function findServer(run: Run, server: ServerName): Promise<ServerState | undefined> {
  return run.call(`state of the ${nameOf(server)}`, () => run.aws.rds.find(server));
}

/** RDS does not know the server. */
export class NoSuchServer extends PreconditionFailed {
  override readonly name = 'NoSuchServer';

  constructor(server: ServerName) {
    super(
      `RDS has no ${nameOf(server)} in this account and region. Check the identifier and the region, then deploy again.`,
    );
  }
}

/** Waits until the server accepts changes, no change is in progress and `also` is true. */
export async function availableServer(
  run: Run,
  server: ServerName,
  also: (state: ServerState) => boolean = () => true,
): Promise<ServerState> {
  let last: ServerState | undefined;
  const what = () =>
    `the ${nameOf(server)}, which is ${last?.status}${last?.exportsPending ? ' and changes its log exports' : ''}`;
  return waitUntil(run, what, async () => {
    last = await steadyServer(run, server);
    return busyWith(last) === undefined && also(last) ? last : undefined;
  });
}

/** Returns the server, which may be busy. Throws PreconditionFailed if it does not exist or is stuck. */
export async function steadyServer(run: Run, server: ServerName): Promise<ServerState> {
  const state = await findServer(run, server);
  if (!state) throw new NoSuchServer(server);
  if (readiness(state.status) === 'stuck') throw stuck(server, state.status);
  return state;
}

/** Returns why a server accepts no changes for now; undefined if it accepts them. */
export function busyWith({ status, exportsPending }: ServerState): string | undefined {
  if (readiness(status) !== 'ready') return `is ${status}`;
  return exportsPending ? 'changes its log exports' : undefined;
}

function stuck(server: ServerName, status: string): PreconditionFailed {
  const next = status.startsWith('stop') ? 'Start it' : 'Make it available';
  return new PreconditionFailed(
    `The ${nameOf(server)} is ${status}: it accepts no changes until you intervene. ${next}, then try again.`,
  );
}
