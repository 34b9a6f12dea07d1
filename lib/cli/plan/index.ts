import type { Session } from '../aws/session';
import { AWS_OPTIONS, defineCommand, UsageError, type Command, type Values } from '../command';
import { readGiven } from '../files';
import type { InspectionSpec } from '../inspection/parts';
import { inspectionScript } from '../inspection/script';
import { checkedName, checkedNames } from '../names';
import type { Terminal } from '../terminal';
import { progressOn } from '../terminal/progress';
import { jsonText, visibleText } from '../terminal/visible';
import { makePlan, type PlanRequest } from './make-plan';
import type { PlanPorts } from './ports';
import { asText } from './print';
import { DEFAULT_PRICE_PER_GB } from './volume/report';

const OPTIONS = {
  cluster: { value: 'ID', help: 'the Aurora cluster', conflicts: ['instance'] },
  instance: { value: 'ID', help: 'the RDS instance' },
  database: {
    value: 'NAME',
    multiple: true,
    help: 'a database that Datafold is to read; may be given several times [all of the server]',
  },
  schemas: {
    value: 'A,B',
    multiple: true,
    help: 'the schemas to read [all: not those of PostgreSQL, of extensions or of RDS]',
  },
  exclude: { value: 'A,B', multiple: true, help: 'schemas not to read' },
  role: { value: 'NAME', default: 'datafold', help: 'the role that Datafold will use' },
  'temp-schema': { value: 'NAME', default: 'datafold_tmp', help: 'the schema for temporary tables' },
  'shared-group': {
    value: 'HOW',
    default: 'refuse',
    choices: ['refuse', 'modify', 'copy'],
    help: 'for a parameter group that other servers use too: refuse, modify or copy, as the prop sharedParameterGroup',
  },
  'no-bind-values': { help: 'as with logBindValues: false' },
  secret: { value: 'ARN', help: "the secret with the administrator's login", conflicts: ['password-file'] },
  'password-file': { value: 'FILE', help: 'the password of PGUSER [PGPASSWORD]' },
  'data-api': { help: 'use the Data API of a cluster, also if the server can be reached' },
  sql: {
    help: 'print the script that inspects a database, and nothing else',
    conflicts: ['sql-result', 'json'],
  },
  'sql-result': {
    value: 'FILE',
    multiple: true,
    help: 'the output of that script; may be given several times',
    conflicts: ['secret', 'password-file', 'data-api'],
  },
  ca: { value: 'FILE', help: 'PEM certificates to trust for connections from this machine' },
  'price-per-gb': {
    value: 'USD',
    help: `the price of CloudWatch Logs for each GB ingested [${DEFAULT_PRICE_PER_GB}, us-east-1]`,
  },
  json: { help: 'print JSON' },
  ...AWS_OPTIONS,
} as const;

type MakePorts = (session: Session) => Promise<PlanPorts>;

/** `plan`: what a deployment would do, and what prevents it. */
export function planCommand(makePorts: MakePorts): Command {
  return defineCommand({
    name: 'plan',
    summary: 'show what a deployment would do to a server, and what prevents it',
    description:
      'Shows what a deployment would do to an existing server, what prevents it, and what the statement log would cost. Only reads: nothing is changed in AWS or in PostgreSQL.',
    usage: '(--cluster ID | --instance ID | --sql) [options]',
    options: OPTIONS,
    notes: `Databases are inspected from this machine if there is a login, by the Data API of a cluster if the server cannot be
reached, or by the output of the script that plan --sql prints. A password is never given on the command line.
Exit status: 0 if nothing prevents the deployment, 1 if something does, 2 for invalid options.`,
    run: async (values, terminal) => plan(values, makePorts, terminal),
  });
}

async function plan(
  values: Values<typeof OPTIONS>,
  makePorts: MakePorts,
  terminal: Terminal,
): Promise<number> {
  const { region, profile, sql, json } = values;
  const [schemas, excludeSchemas] = [
    checkedNames('schemas', values.schemas),
    checkedNames('exclude', values.exclude),
  ];
  const spec = {
    roleName: checkedName('role', values.role),
    tempSchema: checkedName('temp-schema', values['temp-schema']),
    ...(schemas.length > 0 && { schemas }),
    ...(excludeSchemas.length > 0 && { excludeSchemas }),
  };
  if (sql) {
    terminal.out(inspectionScript(spec));
    return 0;
  }
  const request = { ...requestFrom(values), ...spec };
  const ports = await makePorts({ region, profile });
  const { show, end } = progressOn(terminal.error);
  const report = await makePlan(ports, request, show).finally(end);
  terminal.out(json ? jsonText(report) : visibleText(asText(report, terminal), terminal));
  return report.ready ? 0 : 1;
}

function requestFrom(values: Values<typeof OPTIONS>): Omit<PlanRequest, keyof InspectionSpec> {
  const { cluster, instance, secret, ca } = values;
  const identifier = (cluster ?? instance)?.toLowerCase();
  if (!identifier) throw new UsageError('Name a server by --cluster or --instance');
  const databases = checkedNames('database', values.database);
  return {
    server: { kind: cluster ? 'cluster' : 'instance', identifier },
    ...(databases.length > 0 && { databases }),
    sharedParameterGroup: values['shared-group'] as PlanRequest['sharedParameterGroup'],
    logBindValues: !values['no-bind-values'],
    pricePerGb: priceFrom(values['price-per-gb']),
    sql: {
      secret,
      passwordFile: values['password-file'],
      outputs: values['sql-result'],
      onlyDataApi: values['data-api'],
    },
    ...(ca !== undefined && { caCertificate: readGiven('ca', ca) }),
  };
}

function priceFrom(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PRICE_PER_GB;
  const price = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !Number.isFinite(price))
    throw new UsageError(`--price-per-gb must be a number of USD such as 0.5, got: ${text}`);
  return price;
}
