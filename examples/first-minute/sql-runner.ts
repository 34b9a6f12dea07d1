import { join } from 'node:path';
import type { ApplyRequest, RemoveRequest } from '../../lib/private/wire/sql';
import type { SqlReports, SqlResponse } from '../../lib/private/wire/sql-reports';
import type { Postgres } from '../../test/support/postgres';
import { pinFor } from '../../test/support/requests';

/** The bundle of the function, as Lambda runs it. */
const BUNDLE = join(__dirname, '../../assets/sql-runner/index.js');
type Request = ApplyRequest | RemoveRequest;
interface SqlRunner {
  handler(request: Request, context: object): Promise<SqlResponse<Request>>;
}

/** What can be asked of the sql-runner. */
interface Runs {
  apply(password: string): Promise<SqlReports['apply']>;
  remove(): Promise<SqlReports['remove']>;
}

/** Sends the requests that the provisioner would send to the sql-runner in the VPC. */
export function sqlRunnerFor({ host, port, caCertificate, admin }: Postgres, databaseName: string): Runs {
  const base = {
    server: { host, port, caCertificate, tls: 'verify-full' as const },
    admin,
    owner: { key: 'first-minute', id: 'first-minute', stackName: 'npm start' },
    access: {
      roleName: 'datafold',
      tempSchema: 'datafold_tmp',
      databases: [{ databaseName }],
      maintenanceDatabase: 'postgres',
      futureTables: true,
      adoptExisting: false,
      onUnreadable: 'fail' as const,
    },
  };
  return {
    apply: async (password: string) =>
      (await send({ ...base, operation: 'apply', password })) as SqlReports['apply'],
    remove: async () => (await send({ ...base, operation: 'remove' })) as SqlReports['remove'],
  };
}

/** Runs the function and hides its log. */
async function send(request: Request): Promise<SqlReports['apply' | 'remove']> {
  const { handler } = (await import(BUNDLE)) as SqlRunner;
  // Pins the server, as the constructs do: the function connects to pinned servers only.
  process.env.DATAFOLD_SERVERS = JSON.stringify([pinFor(request)]);
  const log = console.log;
  console.log = () => undefined;
  const response = await handler(request, { getRemainingTimeInMillis: () => 60_000 }).finally(
    () => (console.log = log),
  );
  if (!response.ok) throw new Error(response.error.message);
  return response.report;
}
