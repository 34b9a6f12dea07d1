import type { ApplyRequest, PasswordRequest, RemoveRequest, SqlRequest } from '../../private/wire/sql';
import type { ApplyReport, ReportOf, SqlResponse } from '../../private/wire/sql-reports';
import { Log, Redactor } from '../log';
import { apply } from './apply/apply';
import { dryRun } from './apply/dry-run';
import type { Target } from './connection/target';
import { inTurn } from './connection/turn';
import { Deadline, type RunContext } from './deadline';
import { failure } from './errors';
import { excludeFromLog } from './exclude-from-log';
import { setPassword, tryPassword } from './password';
import { assertPinned } from './pinned';
import { resolve } from './resolve';
import { remove } from './remove/remove';
import { prove } from './verify/prove';
import { verify } from './verify/verify';

/** The name of this function in its log. */
const SERVICE = 'datafold-sql-runner';

/** Runs the operation of a request and returns failures instead of throwing them. Without `pins`, every server is allowed. */
export async function answer<R extends SqlRequest>(
  request: R,
  context?: RunContext,
  pins?: readonly string[],
): Promise<SqlResponse<R>> {
  const started = Date.now();
  const progress: { connected?: true; found?: true } = {};
  const target = {
    address: request.server,
    deadline: new Deadline(context),
    maintenanceDatabase: maintenanceDatabaseOf(request),
    adminName: 'admin' in request ? request.admin.user : undefined,
    notices: new Set<string>(),
    onConnected: () => void (progress.connected = true),
    onFound: () => void (progress.found = true),
  };
  const log = logOf(request, context);
  const logNotices = (notices: Iterable<string>) => {
    for (const notice of notices) log.info('notice', { notice });
  };
  try {
    if (pins) assertPinned(request, pins);
    const report = (await run(request, target)) as ReportOf<R>;
    const { finished, statements, notices = [] } = report as Partial<ApplyReport>;
    log.info('done', { finished, statements, durationMs: Date.now() - started });
    logNotices(notices);
    return { ok: true, report: { ...report, ...(progress.found && { found: true as const }) } };
  } catch (error) {
    const explained = failure(error, secretsOf(request));
    const { code, message } = explained;
    log.warn('failed', { code, error: message, durationMs: Date.now() - started });
    logNotices(target.notices);
    const notices = [...target.notices];
    return { ok: false, error: { ...explained, ...progress, ...(notices.length > 0 && { notices }) } };
  }
}

/** Never a statement, never a secret. */
function logOf(request: SqlRequest, context: RunContext = {}): Log {
  const redactor = new Redactor();
  for (const secret of secretsOf(request)) redactor.add(secret);
  const { operation } = request;
  const source = { service: SERVICE, function_request_id: context.awsRequestId };
  return new Log({ ...source, operation, role: roleOf(request) }, redactor, (line) => console.log(line));
}

async function run(request: SqlRequest, target: Target): Promise<ReportOf<SqlRequest>> {
  switch (request.operation) {
    case 'apply':
      return inTurn(target, turnOf(request), (own) => apply(own, request));
    case 'remove':
      return inTurn(target, turnOf(request), (own) => remove(own, request));
    case 'plan':
      return dryRun(target, request);
    case 'verify':
      return { databases: await verify(target, request) };
    case 'set-password':
      return setPassword(target, request);
    case 'try-password':
      return tryPassword(target, request);
    case 'prove':
      return prove(target, request);
    case 'resolve':
      return resolve(request);
    case 'exclude-from-log':
      return inTurn(target, request, (own) => excludeFromLog(own, request));
    default:
      throw new Error(`unknown operation ${(request as { operation: string }).operation}`);
  }
}

function turnOf({ turn, admin, access }: ApplyRequest | RemoveRequest) {
  return { turn, admin, maintenanceDatabase: access.maintenanceDatabase };
}

function roleOf(request: SqlRequest): string | undefined {
  if (request.operation === 'prove') return request.login.user;
  if (request.operation === 'resolve') return undefined;
  if (request.operation === 'exclude-from-log') return request.admin.user;
  return 'access' in request ? request.access.roleName : request.roleName;
}

function maintenanceDatabaseOf(request: SqlRequest): string | undefined {
  if (request.operation === 'prove' || request.operation === 'resolve') return undefined;
  return 'access' in request ? request.access.maintenanceDatabase : request.maintenanceDatabase;
}

function secretsOf(request: SqlRequest): string[] {
  if (request.operation === 'prove') return [request.login.password];
  if (request.operation === 'resolve') return [];
  const { admin, password, currentPassword } = request as Partial<PasswordRequest>;
  return [admin?.password, password, currentPassword].flatMap((secret) => secret ?? []);
}
