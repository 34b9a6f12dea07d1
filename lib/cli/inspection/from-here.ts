import { withSession } from '../../handler/sql-runner/connection/connections';
import type { Session } from '../../handler/sql-runner/connection/session';
import { failure } from '../../handler/sql-runner/errors';
import type { Login, ServerAddress } from '../../private/wire/sql';
import { inspectServer, type Reader } from './inspect';
import { fromHere } from './reachable';
import type { Inspected, InspectionRequest } from './sql-ports';

const INSPECT_TIMEOUT_MS = 300_000;
/** A database that does not exist, is closed to connections or to the user. */
const UNUSABLE = ['3D000', '55000', '42501'];

/** Inspects a server from this machine, with the connections of the sql-runner: TLS is verified with the authorities of RDS. */
export async function inspectFromHere(
  address: ServerAddress,
  login: Login,
  request: InspectionRequest,
): Promise<Inspected> {
  const inspected = await fromHere(address, login.password, INSPECT_TIMEOUT_MS, async (target) => {
    const withReader = async <T>(name: string, work: (reader: Reader) => Promise<T>) =>
      withSession(target, login, name, async (session) => {
        await session.run('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
        return work(readerOf(session));
      });
    return inspectServer(withReader, request, (error) => failure(error, [login.password]).message);
  });
  if ('result' in inspected) return { connected: true, ...inspected.result };
  if (!inspected.connected) return inspected;
  const { error, cause } = inspected;
  return { connected: true, error, failsFromAnywhere: failsFromAnywhere(cause, request) };
}

/** The server refuses the login itself, or a database of a name that was given cannot be used: no matter from where. */
function failsFromAnywhere(error: unknown, { databases }: InspectionRequest): boolean {
  let cause = error as Error & { code?: string };
  while (cause.cause instanceof Error) cause = cause.cause;
  const { code = '', message } = cause;
  if (/pg_hba\.conf/.test(message)) return false;
  return ['28P01', '28000'].includes(code) || (databases !== undefined && UNUSABLE.includes(code));
}

function readerOf(session: Session): Reader {
  return {
    rows: async (sql) => (await session.rows<{ datafold: string }>(sql)).map(({ datafold }) => datafold),
  };
}
