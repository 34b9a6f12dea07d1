import type { VerifyRequest } from '../../private/wire/sql';
import type { DatabaseReport, RelationReport } from '../../private/wire/sql-reports';
import { unlessSessionIsOver } from '../aws/session';
import { checkByDataApi, dataApiFor } from './data-api';
import type { Access } from './data-sources';
import type { Checks } from './check';
import { serverOfLog, type Form } from './form';
import type { Attempt, DoctorPorts } from './ports';

const NETWORK =
  'Run the doctor from a network that reaches the server, or name a stack with its function by --stack.';
const LOGIN =
  'Compare the secret with the password that the role has, and the network of the function with that of the server.';

const MAX_LISTED = 3;

/** What to do if a step fails. */
const NEXT = {
  connection: LOGIN,
  temp_schema:
    'Let the role make tables in its schema again: deploy with another `revision`, or run the statements of `sql` again.',
  schema_download: 'Deploy with another `revision`, or let the owners run the statements.',
} as const;

/** How the steps are run. */
interface StepOptions {
  readonly caCertificate?: string;
  /** The secret of an administrator for the Data API. */
  readonly dataApiSecret?: string;
}

/** Runs the steps of Datafold's connection test as the role; returns the value of log_statement in effect. */
export async function checkSteps(
  checks: Checks,
  ports: DoctorPorts,
  form: Form,
  access: Access | undefined,
  { caCertificate, dataApiSecret }: StepOptions,
): Promise<string | undefined> {
  const request = requestFor(form, access, caCertificate);
  const direct = await checks.attempt('connection', NETWORK, () => ports.verifyFromHere(request));
  if (!direct) return undefined;
  const target = direct.connected
    ? undefined
    : await dataApiFor(ports, form, dataApiSecret ?? access?.adminSecret);
  const tested = await testByFunction(checks, ports, { form, request, access, direct, hasDataApi: !!target });
  if (!tested) return undefined;
  const { attempt, origin } = tested;
  if (!attempt.connected && target)
    return checkByDataApi(checks, ports, { form, access, target, reason: attempt.reason });
  if (!attempt.connected) return void checks.fail('connection', `Not tested: ${attempt.reason}.`, NETWORK);
  if ('error' in attempt)
    return void checks.fail('connection', `${attempt.error} (Tested ${origin}.)`, LOGIN);
  const [database] = attempt.databases;
  reportSteps(checks, database, origin);
  warnOfReading(checks, database);
  reportWritable(checks, database);
  return database.logStatement;
}

/** An attempt, and from where it was made, for messages. */
interface Tested {
  readonly attempt: Attempt;
  readonly origin: string;
}

/** Tests by the function of the stack what could not be tested from here; undefined if that failed and is reported. */
async function testByFunction(
  checks: Checks,
  ports: DoctorPorts,
  {
    form,
    request,
    access,
    direct,
    hasDataApi,
  }: {
    readonly form: Form;
    readonly request: VerifyRequest;
    readonly access: Access | undefined;
    readonly direct: Attempt;
    readonly hasDataApi: boolean;
  },
): Promise<Tested | undefined> {
  const fromHere = { attempt: direct, origin: 'from here' };
  const name = access?.sqlRunner;
  if (direct.connected || name === undefined) return fromHere;
  const invoke = async () =>
    ports.verifyByFunction(name, await requestForFunction(ports, form, access!, request));
  const attempt = hasDataApi
    ? await invoke().catch(unlessSessionIsOver)
    : await checks.attempt('connection', 'Allow lambda:InvokeFunction for your AWS credentials.', invoke);
  if (attempt) return { attempt, origin: `by the function ${name}: ${direct.reason}` };
  return hasDataApi ? fromHere : undefined;
}

/** Reports the steps of the test but for the lineage, which the checks of the log report. */
function reportSteps(checks: Checks, { steps, unreadable }: DatabaseReport, origin: string): void {
  for (const { step, ok, message } of steps) {
    if (step === 'lineage_download') continue;
    const text = step === 'connection' ? `${message} (Tested ${origin}.)` : message;
    const statements = step === 'schema_download' ? unreadable.map(({ statement }) => statement) : [];
    if (ok) checks.ok(step, text);
    else checks.fail(step, text, [NEXT[step], ...statements.slice(0, MAX_LISTED)].join(' '));
  }
}

/** Warns if the role can do more than read. */
function reportWritable(checks: Checks, { writable = [], writableCount = 0 }: DatabaseReport): void {
  if (writable.length === 0)
    return checks.ok('read_only', 'The role can read, and write in its schema; no other right was found.');
  const some = writable.slice(0, MAX_LISTED);
  const objects = some.map(({ object }) => object).join('; ');
  const more = writable.length > MAX_LISTED ? `; and ${writableCount - MAX_LISTED} more` : '';
  checks.warn(
    'read_only',
    `The role can do more than read: ${objects}${more}.`,
    `To end it: ${some.map(({ statement }) => statement).join(' ')}`,
  );
}

/** Warns about relations that fail to be read or hide rows, and about settings of the role's sessions. */
function warnOfReading(checks: Checks, database: DatabaseReport): void {
  const { failing, failingCount = 0, filtered, filteredCount = 0, unproven, unprovenCount = 0 } = database;
  const warn = (check: string, what: string, relations: readonly RelationReport[] = []) => {
    const some = relations.slice(0, MAX_LISTED);
    const names = some.map(({ relation, reason }) => `${relation} (${reason})`).join('; ');
    checks.warn(check, `${what}: ${names}.`, some.map(({ next }) => next).join(' '));
  };
  if (failingCount > 0) warn('readable', `Reading fails for ${failingCount} relations`, failing);
  if (filteredCount > 0)
    warn('all_rows', `Rows of ${filteredCount} relations may be hidden by row-level security`, filtered);
  if (unprovenCount > 0)
    warn('not_tried', `Whether ${unprovenCount} relations can be read is not tried`, unproven);
  for (const { setting, value, effect, statement } of database.settings ?? [])
    checks.warn('settings', `${setting} is ${value}, so ${effect}.`, statement);
}

/**
 * The function connects only to the server address that it was deployed with. The data source may have another one: that of a
 * network path, or the port of a load balancer.
 */
async function requestForFunction(
  ports: DoctorPorts,
  { log }: Form,
  access: Access,
  request: VerifyRequest,
): Promise<VerifyRequest> {
  const { caCertificate, lookup } = access;
  const name = lookup ?? (log && serverOfLog(log.logGroupName));
  const isKnown = access.host !== undefined && access.port !== undefined;
  const found = name && !isKnown ? await ports.findServer(name).catch(unlessSessionIsOver) : undefined;
  const host = access.host ?? found?.host ?? request.server.host;
  const port = access.port ?? found?.port ?? request.server.port;
  const { tls } = request.server;
  return {
    ...request,
    server: { host, port, tls, ...(caCertificate && { caCertificate }), ...(lookup && { lookup }) },
  };
}

function requestFor(
  form: Form,
  access: Access | undefined,
  caCertificate: string | undefined,
): VerifyRequest {
  const { host, port, user, password, databaseName, tempSchema } = form;
  const ca = caCertificate ?? form.rootCertificate;
  const spec = access?.databases.find((one) => one.databaseName === databaseName) ?? { databaseName };
  return {
    operation: 'verify',
    server: { host, port, tls: access?.tls ?? 'verify-full', ...(ca && { caCertificate: ca }) },
    access: {
      roleName: user,
      tempSchema: tempSchema.split('.').at(-1)!,
      databases: [spec],
      maintenanceDatabase: databaseName,
      futureTables: true,
      adoptExisting: false,
      onUnreadable: 'warn',
    },
    password,
  };
}
