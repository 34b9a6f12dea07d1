import { lookup } from 'node:dns/promises';
import type { ResolveRequest, SqlReport } from '../../private/wire/sql';
import { SqlRunnerError } from './errors';

/** Names that RDS alone gives: a member of a cluster is in no pin. */
const OF_RDS = /^[a-z0-9.-]+\.rds\.amazonaws\.com(\.cn)?$/i;

/** The addresses of a server as its VPC knows them: nothing is opened, no login is needed. */
export async function resolve({ server, host }: ResolveRequest): Promise<SqlReport> {
  if (host !== server.host && !OF_RDS.test(host))
    throw new SqlRunnerError(`The sql-runner resolves names of RDS and of its servers only, got: ${host}.`);
  const found = await lookup(host, { all: true, family: 4 }).catch((error: NodeJS.ErrnoException) => {
    throw new SqlRunnerError(
      `The sql-runner can not resolve ${host}: ${error.code}. See to it that the server exists and that its VPC has DNS resolution enabled.`,
      error.code,
    );
  });
  const addresses = [...new Set(found.map(({ address }) => address))].sort();
  return { finished: true, statements: 0, databases: [], notices: [], addresses };
}
