import type {
  ApplyRequest,
  RemoveRequest,
  AccessSpec,
  DatabaseSpec,
  AccessRequest,
  VerifyRequest,
} from '../../../../lib/private/wire/sql';
import type {
  ApplyReport,
  DatabaseReport,
  ExcludeReport,
  ReportOf,
  SqlFailure,
} from '../../../../lib/private/wire/sql-reports';

/** A failure, whose kind the sql-runner derives from its code. */
export type Trouble = Omit<SqlFailure, 'kind'>;
export type FakeResponse =
  | { readonly ok: true; readonly report: ReportOf<AccessRequest> | ExcludeReport }
  | { readonly ok: false; readonly error: Trouble };

interface Role {
  readonly ownerKey: string;
  readonly ownerId: string;
  readonly access: AccessSpec;
  readonly password: string;
}

/** One server as the sql-runner sees it: roles with their owner's mark, and what may be wrong with the server. */
export class FakeServer {
  readonly roles = new Map<string, Role>();
  trouble?: Trouble;
  /** So many runs end before the work does. */
  unfinished = 0;
  /** A run makes the role, then fails like this. */
  failHalfway?: Trouble;
  failedSteps: string[] = [];
  notices: string[] = [];
  /** What an apply would find lacking, until one is made. */
  drift: string[] = [];
  /** So many things can be written elsewhere. */
  writableCount = 0;
  /** What else the verification finds. */
  found: Partial<DatabaseReport> = {};
  /** The value in effect for the role. */
  logStatement = 'mod';

  constructor(public adminPassword: string) {}
}

/** The servers that a sql-runner can reach. */
export class FakePostgres {
  private readonly servers = new Map<string, FakeServer>();

  add(host: string, adminPassword: string): FakeServer {
    const server = new FakeServer(adminPassword);
    this.servers.set(host, server);
    return server;
  }

  /** The cluster is deleted: its name can't be resolved any more. */
  drop(host: string): void {
    this.servers.delete(host);
  }

  run(request: AccessRequest): FakeResponse {
    const { host } = request.server;
    const server = this.servers.get(host);
    if (!server)
      return refuse(`The host ${host} does not exist (ENOTFOUND). Check the endpoint.`, 'ENOTFOUND', true);
    if (server.trouble) return { ok: false, error: server.trouble };
    if (request.operation === 'verify') return verify(server, request);
    if (request.admin.password !== server.adminPassword)
      return refuse(
        `Login as ${request.admin.user} on ${host} was refused (28P01). Check the admin secret.`,
        '28P01',
        false,
      );
    if ((request.operation as string) === 'exclude-from-log')
      return { ok: true, report: { statements: 1, notices: [] } };
    if (request.operation === 'plan') return plan(server);
    return request.operation === 'remove' ? remove(server, request) : apply(server, request);
  }
}

/** As the role, which must be there; the admin is not asked for. */
function verify(server: FakeServer, { access, password }: VerifyRequest): FakeResponse {
  if (server.roles.get(access.roleName)?.password !== password)
    return refuse(`Login as ${access.roleName} was refused (28P01). Check the password.`, '28P01', false);
  return { ok: true, report: { databases: reportOf(server, access).databases } };
}

function plan({ drift }: FakeServer): FakeResponse {
  const planned = drift.map((statement) => ({ databaseName: 'app', statement }));
  return {
    ok: true,
    report: { statements: drift.length, planned, notices: [] },
  };
}

function apply(server: FakeServer, request: ApplyRequest): FakeResponse {
  const { access, owner } = request;
  const found = server.roles.get(access.roleName);
  if (found && found.ownerKey !== owner.key && !access.adoptExisting)
    return refuse(
      `The role ${access.roleName} exists already and is not ours (42710). Name another one.`,
      '42710',
      false,
    );
  const { password } = request;
  const isDone = found?.password === password && JSON.stringify(found.access) === JSON.stringify(access);
  server.roles.set(access.roleName, { ownerKey: owner.key, ownerId: owner.id, access, password });
  server.drift = [];
  if (server.failHalfway) return { ok: false, error: server.failHalfway };
  if (server.unfinished-- > 0)
    return { ok: true, report: { finished: false, statements: 5, databases: [], notices: [] } };
  const report = reportOf(server, access);
  if (!isDone) return { ok: true, report };
  const databases = report.databases.map(({ writableCount: _, ...rest }) => rest);
  return { ok: true, report: { ...report, statements: 0, databases } };
}

function remove(server: FakeServer, { access, owner }: RemoveRequest): FakeResponse {
  const found = server.roles.get(access.roleName);
  const ours = found?.ownerKey === owner.key && found.ownerId === owner.id;
  if (ours) server.roles.delete(access.roleName);
  return { ok: true, report: { finished: true, statements: ours ? 3 : 0, notices: [] } };
}

function reportOf(server: FakeServer, access: AccessSpec): ApplyReport {
  const steps = (['connection', 'temp_schema', 'schema_download', 'lineage_download'] as const).map(
    (step) => {
      const ok = !server.failedSteps.includes(step);
      return { step, ok, message: ok ? 'OK' : `${step} does not work.` };
    },
  );
  const databases = access.databases.map(({ databaseName }: DatabaseSpec) => {
    return {
      databaseName,
      schemas: 2,
      relations: 12,
      unreadable: [],
      unreadableCount: 0,
      logStatement: server.logStatement,
      writableCount: server.writableCount,
      ...server.found,
      steps,
    };
  });
  return { finished: true, statements: 7, databases, notices: server.notices };
}

function refuse(message: string, code: string, retryable: boolean): FakeResponse {
  return { ok: false, error: { message, code, retryable } };
}
