import type { ResolveRequest } from '../../private/wire/sql';
import type { ResolveReport } from '../../private/wire/sql-reports';
import { parseRdsHost } from '../../private/server/rds-host';
import { ipv4AddressesOf } from '../ipv4-addresses';
import { SqlRunnerError } from './errors';

/** Resolves the addresses of a server in its VPC. Opens no connection. Members of a cluster are in no pin, but only RDS assigns their names. */
export async function resolve({ server, host }: ResolveRequest): Promise<ResolveReport> {
  if (host !== server.host && !parseRdsHost(host))
    throw new SqlRunnerError(
      `The sql-runner resolves only host names of RDS and of its own servers, got: ${host}.`,
    );
  const addresses = await ipv4AddressesOf(host).catch((error: NodeJS.ErrnoException) => {
    throw new SqlRunnerError(
      `The sql-runner cannot resolve ${host}: ${error.code}. Check that the server exists and that DNS resolution is enabled in its VPC.`,
      error.code,
    );
  });
  return { addresses };
}
