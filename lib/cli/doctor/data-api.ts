import { unlessSessionIsOver } from '../aws/session';
import type { DatabaseSpec } from '../../private/wire/sql';
import { type DatabaseAnswers, PRIVILEGE_PARTS, READING_PARTS } from '../inspection/answers';
import { Findings } from '../plan/finding';
import { planPrivileges, planReading } from '../plan/databases';
import type { DataApiTarget } from '../inspection/sql-ports';
import type { Checks } from './check';
import type { Access } from './data-sources';
import { serverOfLog, type Form } from './form';
import type { DoctorPorts } from './ports';

const NEXT = 'Allow rds-data:* on the cluster and reading the secret for your AWS credentials.';
const REPEAT = 'Run the doctor again, or from a network that reaches the server.';
const AGAIN = 'Deploy with another `revision`, or run the statements of `sql` again.';

/** Returns the Data API of the cluster with the statement log, if it is on and the secret of an administrator is known. */
export async function dataApiFor(
  ports: DoctorPorts,
  { log }: Form,
  secretArn: string | undefined,
): Promise<DataApiTarget | undefined> {
  const server = log && serverOfLog(log.logGroupName);
  if (server?.kind !== 'cluster' || secretArn === undefined) return undefined;
  const clusterArn = await ports.dataApiOf(server.identifier).catch(unlessSessionIsOver);
  return clusterArn === undefined ? undefined : { clusterArn, secretArn };
}

/**
 * Checks the privileges of the role by the Data API, as an administrator: the secret with the password of the role has no user
 * name, which the Data API needs. Returns the value of log_statement for the role.
 */
export async function checkByDataApi(
  checks: Checks,
  ports: DoctorPorts,
  {
    form,
    access,
    target,
    reason,
  }: {
    readonly form: Form;
    readonly access?: Access;
    readonly target: DataApiTarget;
    readonly reason: string;
  },
): Promise<string | undefined> {
  const { user: roleName, databaseName } = form;
  const tempSchema = form.tempSchema.split('.').at(-1)!;
  const spec = { roleName, tempSchema };
  const request = { ...spec, databases: [databaseName], maintenanceDatabase: databaseName };
  const inspected = await checks.attempt('connection', NEXT, () => ports.inspectByDataApi(target, request));
  if (!inspected) return undefined;
  if (!inspected.connected || 'error' in inspected) {
    const why = 'error' in inspected ? inspected.error : inspected.reason;
    return void checks.fail(
      'connection',
      `${reason}, and the Data API failed: ${why.replace(/\.$/, '')}.`,
      NEXT,
    );
  }
  const [answers] = inspected.databases;
  const { server } = answers ?? {};
  if (!answers || !server)
    return void checks.fail(
      'connection',
      `${reason}, and the Data API returned nothing about ${databaseName}.`,
      NEXT,
    );
  checks.warn(
    'connection',
    `Inspected by the Data API as ${server.me} (${reason}). The login of the role, TLS, pg_hba.conf and the network path were not tested.`,
    'Run the doctor from a network that reaches the server to test them.',
  );
  if (!server.roleExists)
    return void checks.fail('connection', `The role ${roleName} does not exist.`, AGAIN);
  for (const what of answers.unanswered([...READING_PARTS, ...PRIVILEGE_PARTS]))
    checks.warn('connection', what, REPEAT);
  checkTempSchema(checks, answers, tempSchema);
  checkRelations(
    checks,
    answers,
    access?.databases.find((one) => one.databaseName === databaseName),
  );
  const findings = new Findings(databaseName);
  planReading(findings, answers, spec);
  planPrivileges(findings, answers, spec, [databaseName]);
  for (const { topic, status, message, next = '' } of findings.all)
    if (status === 'ready') checks.ok(topic, message);
    else checks.warn(topic, message, next);
  if (!answers.isAnswered('overrides')) return undefined;
  const override = answers.of('overrides').find((one) => one.roleName === roleName);
  return override?.logStatement ?? server.logStatement;
}

function checkTempSchema(checks: Checks, answers: DatabaseAnswers, tempSchema: string): void {
  if (!answers.isAnswered('schemas'))
    return checks.fail('temp_schema', `Not tested: ${answers.unanswered(['schemas'])[0]}`, REPEAT);
  const schema = answers.of('schemas').find(({ name }) => name === tempSchema);
  if (schema?.create && schema.usage)
    checks.ok('temp_schema', `The role may create tables in the schema ${tempSchema}; none was created.`);
  else
    checks.fail(
      'temp_schema',
      schema
        ? `The role may not create tables in the schema ${tempSchema}.`
        : `The schema ${tempSchema} does not exist.`,
      AGAIN,
    );
}

/** Counts the relations in the schemas of the data source. */
function checkRelations(
  checks: Checks,
  answers: DatabaseAnswers,
  { schemas, excludeSchemas = [] }: Partial<DatabaseSpec> = {},
): void {
  const unknown = answers.unanswered(['schemas', 'relations']);
  if (unknown.length > 0) return checks.fail('schema_download', `Not tested: ${unknown.join(' ')}`, REPEAT);
  const named = answers
    .of('relations')
    .filter(
      ({ schemaName }) => (schemas?.includes(schemaName) ?? true) && !excludeSchemas.includes(schemaName),
    );
  const closed = answers
    .of('schemas')
    .filter(({ usage }) => !usage)
    .map(({ name }) => name);
  const all = named.reduce((sum, { relations }) => sum + relations, 0);
  const missing = named.reduce(
    (sum, { schemaName, relations, missing: some }) => sum + (closed.includes(schemaName) ? relations : some),
    0,
  );
  const message = `${all - missing} of ${all} relations can be read, by their privileges.`;
  if (missing === 0) checks.ok('schema_download', message);
  else checks.fail('schema_download', message, AGAIN);
}
