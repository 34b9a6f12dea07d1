import { readForeignProbes } from '../catalog/foreign-servers';
import type { Session } from '../connection/session';
import { qualified } from '../identifiers';
import { codeAndMessage } from '../sqlstates';

/** Runs `work` in another session of the same user, because connecting to a foreign server may never time out. */
export type WithAnotherSession = (work: (session: Session) => Promise<void>) => Promise<void>;

const PROBE_MS = 5_000;
const ALL_PROBES_MS = 15_000;

/** SQLSTATEs of failures of the foreign server: connection, login, password, foreign-data wrapper. */
const OF_THE_SERVER = /^(08|28|HV)|^2F003$/;

/**
 * Returns pairs of a foreign server and a role that cannot use it. Reads no rows, but connects to the foreign server as Datafold
 * would. A server that does not respond within a few seconds counts as unreachable; a server that was not tested does not.
 */
export async function findUnreachable(
  session: Session,
  schemas: number[],
  withAnotherSession: WithAnotherSession,
): Promise<(readonly [server: number, reader: number])[]> {
  const probes = await readForeignProbes(session, schemas);
  const until = Date.now() + Math.min(ALL_PROBES_MS, session.deadline.forWork() / 2);
  const unreachable: (readonly [number, number])[] = [];
  for (const { server, reader, schema, name } of probes) {
    if (Date.now() >= until) break;
    const work = async (other: Session) => {
      // Without constraint_exclusion, planning does not run the functions of constraints.
      const statement = `BEGIN READ ONLY; SET LOCAL lock_timeout = 1000; SET LOCAL constraint_exclusion = off; SELECT FROM ${qualified(schema, name)} LIMIT 0; ROLLBACK`;
      if (!(await isUsable(other.run(statement)))) unreachable.push([server, reader]);
    };
    await withAnotherSession(work).catch(() => undefined); // without a second connection, nothing is known
  }
  return unreachable;
}

async function isUsable(answer: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PROBE_MS)));
  const outcome = answer.then(
    () => true,
    (error: unknown) => !OF_THE_SERVER.test(codeAndMessage(error).code ?? ''),
  );
  try {
    return await Promise.race([outcome, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}
