import { readForeignProbes } from '../catalog/foreign-servers';
import type { Session } from '../connection/session';
import { qualified } from '../identifiers';
import { codeAndMessage } from '../sqlstates';

/** Runs `work` with another session of the same user, as the wait for a foreign server can't always be ended. */
export type WithAnotherSession = (work: (session: Session) => Promise<void>) => Promise<void>;

const PROBE_MS = 5_000;
const ALL_PROBES_MS = 15_000;

/** Failures that are the foreign server's: no connection, no login, no password, an error of the wrapper. */
const OF_THE_SERVER = /^(08|28|HV)|^2F003$/;

/**
 * Pairs of a foreign server and of a role that can't use it. Reads no row, but connects to the foreign server as Datafold would.
 * What can't be said within a few seconds counts as unreachable; what was not tried for want of time does not.
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
      const statement = `BEGIN READ ONLY; SET LOCAL lock_timeout = 1000; SELECT FROM ${qualified(schema, name)} LIMIT 0; ROLLBACK`;
      if (!(await isUsable(other.run(statement)))) unreachable.push([server, reader]);
    };
    await withAnotherSession(work).catch(() => undefined); // no second connection: nothing is known
  }
  return unreachable;
}

async function isUsable(answer: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PROBE_MS)));
  const judged = answer.then(
    () => true,
    (error: unknown) => !OF_THE_SERVER.test(codeAndMessage(error).code ?? ''),
  );
  try {
    return await Promise.race([judged, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
