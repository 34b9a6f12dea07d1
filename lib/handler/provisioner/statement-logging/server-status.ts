import { PreconditionFailed } from '../runtime/failure';
import type { ServerName, ServerState } from '../aws/rds-ports';
import type { Run } from '../aws/run';
import { waitUntil } from '../runtime/resumable';

/** A server in these states takes changes. */
const READY = ['available', 'storage-optimization', 'storage-config-upgrade'];
/** They last until somebody does something. */
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

export type Readiness = 'ready' | 'passing' | 'stuck';

/** What a status means for somebody who waits. */
export function readiness(status: string): Readiness {
  if (READY.includes(status)) return 'ready';
  return STUCK.includes(status) ? 'stuck' : 'passing';
}

/** A server as RDS describes it; undefined where there is none. */
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

/** The server, once it takes changes and none is under way; `also`: and once this is true of it. */
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

/** The server as it is now; it may be busy, but with nothing that needs somebody's help. */
export async function steadyServer(run: Run, server: ServerName): Promise<ServerState> {
  const state = await findServer(run, server);
  if (!state) throw new NoSuchServer(server);
  if (readiness(state.status) === 'stuck') throw stuck(server, state.status);
  return state;
}

/** What a server that takes no changes for now does; undefined for one that takes them. */
export function busyWith({ status, exportsPending }: ServerState): string | undefined {
  if (readiness(status) !== 'ready') return `is ${status}`;
  return exportsPending ? 'changes its log exports' : undefined;
}

function stuck(server: ServerName, status: string): PreconditionFailed {
  const next = status.startsWith('stop') ? 'Start it' : 'See to it that it becomes available';
  return new PreconditionFailed(
    `The ${nameOf(server)} is ${status}: it takes no changes, and that does not pass by itself. ${next}, then try again.`,
  );
}

export function nameOf({ kind, identifier }: ServerName): string {
  return `${kind} ${identifier}`;
}
