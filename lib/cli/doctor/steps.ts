import type { VerifyRequest } from '../../private/wire/sql';
import type { DatabaseReport, RelationReport } from '../../private/wire/sql-reports';
import { unlessSessionIsOver } from '../aws/session';
import { checkByDataApi, dataApiFor } from './data-api';
import type { Access } from './data-sources';
import type { Checks } from './check';
import type { Form } from './form';
import type { DoctorPorts } from './ports';

const NETWORK =
  'Run the doctor from a network that reaches the server, or name a stack with its function by --stack.';
const LOGIN =
  'Compare the secret with the password that the role has, and the network of the function with that of the server.';

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
  let [attempt, way] = [direct, 'from here'];
  const dataApi = direct.connected
    ? undefined
    : await dataApiFor(ports, form, dataApiSecret ?? access?.adminSecret);
  if (!attempt.connected && access?.sqlRunner !== undefined) {
    const name = access.sqlRunner;
    const invoke = async () => ports.verifyByFunction(name, requestForFunction(request, access));
    const invoked = dataApi
      ? await invoke().catch(unlessSessionIsOver)
      : await checks.attempt('connection', 'Allow lambda:InvokeFunction for your AWS credentials.', invoke);
    if (!invoked && !dataApi) return undefined;
    if (invoked)
      [attempt, way] = [invoked, `by the function ${name}: ${direct.connected ? '' : direct.reason}`];
  }
  if (!attempt.connected && dataApi)
    return checkByDataApi(checks, ports, { form, access, target: dataApi, reason: attempt.reason });
  if (!attempt.connected) return void checks.fail('connection', `Not tested: ${attempt.reason}.`, NETWORK);
  if ('error' in attempt) return void checks.fail('connection', `${attempt.error} (Tested ${way}.)`, LOGIN);
  const [database] = attempt.databases;
  for (const { step, ok, message } of database.steps) {
    if (step === 'lineage_download') continue;
    const text = step === 'connection' ? `${message} (Tested ${way}.)` : message;
    const statements =
      step === 'schema_download' ? database.unreadable.map(({ statement }) => statement) : [];
    if (ok) checks.ok(step, text);
    else checks.fail(step, text, [NEXT[step], ...statements.slice(0, 3)].join(' '));
  }
  warnOfReading(checks, database);
  const { writable = [] } = database;
  if (writable.length > 0)
    checks.warn(
      'read_only',
      `The role can do more than read: ${writable
        .slice(0, 3)
        .map(({ object }) => object)
        .join('; ')}${writable.length > 3 ? `; and ${database.writableCount! - 3} more` : ''}.`,
      `To end it: ${writable
        .slice(0, 3)
        .map(({ statement }) => statement)
        .join(' ')}`,
    );
  else checks.ok('read_only', 'The role can read, and write in its schema; no other right was found.');
  return database.logStatement;
}

/** Warns about relations that fail to be read or hide rows, and about settings of the role's sessions. */
function warnOfReading(checks: Checks, database: DatabaseReport): void {
  const { failing, failingCount = 0, filtered, filteredCount = 0, unproven, unprovenCount = 0 } = database;
  const warn = (check: string, what: string, relations: readonly RelationReport[] = []) => {
    const some = relations.slice(0, 3);
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

/** The function connects only to the server address that it was deployed with. */
function requestForFunction(request: VerifyRequest, { caCertificate, lookup }: Access): VerifyRequest {
  const { host, port, tls } = request.server;
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
