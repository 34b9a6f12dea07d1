import type { Login, ServerAddress } from '../../private/wire/sql';
import { parseObject } from '../../handler/provisioner/aws/secret-kinds';
import { UsageError } from '../command';
import { readGiven } from '../files';
import { type DatabaseAnswers, parseOutput } from '../inspection/answers';
import type { Inspected, InspectionRequest, SqlPorts } from '../inspection/sql-ports';
import type { Findings } from './finding';

/** How the databases were inspected. */
export type InspectionMethod = 'direct' | 'data-api' | 'pasted' | 'none';

/** Where SQL can be had. */
export interface SqlSource {
  readonly secret?: string;
  readonly passwordFile?: string;
  readonly outputs?: readonly string[];
  /** Do not try to connect from here. */
  readonly onlyDataApi: boolean;
  readonly address?: ServerAddress;
  /** The ARN of a cluster whose Data API is on. */
  readonly dataApi?: string;
  /** The secret that RDS manages. */
  readonly knownSecret?: string;
}

/** The answers, and how they were obtained. */
export interface SqlAnswers {
  readonly method: InspectionMethod;
  readonly databases: readonly DatabaseAnswers[];
}

const NONE: SqlAnswers = { method: 'none', databases: [] };

/** Inspects the databases in the way that the options name, or the first that works, and reports which one. */
export async function inspectDatabases(
  findings: Findings,
  ports: SqlPorts,
  source: SqlSource,
  request: InspectionRequest,
): Promise<SqlAnswers> {
  if (source.outputs) return pasted(findings, source.outputs, request);
  const login = await loginFrom(ports, source);
  if (!login) {
    const secret = source.knownSecret ?? 'ARN';
    findings.warn(
      'sql',
      'The databases were not inspected, because there is no login: schemas, owners and the volume of the log are not known.',
      `Give --secret ${secret}, or PGUSER and PGPASSWORD or --password-file; or run the script of plan --sql and give --sql-result.`,
    );
    return NONE;
  }
  const direct = source.onlyDataApi
    ? { connected: false as const, reason: '--data-api is given' }
    : source.address
      ? await ports.inspectFromHere(source.address, login, request)
      : { connected: false as const, reason: 'the server has no endpoint yet' };
  if (direct.connected) return outcome(findings, direct, 'direct', 'Inspected from here, over verified TLS.');
  const { dataApi, secret } = source;
  if (dataApi && secret) {
    const inspected = await ports.inspectByDataApi({ clusterArn: dataApi, secretArn: secret }, request);
    const limits = 'TLS, pg_hba.conf and the network path were not tested.';
    return outcome(
      findings,
      inspected,
      'data-api',
      `Inspected by the Data API (${direct.reason}). ${limits}`,
    );
  }
  findings.warn('sql', `The databases were not inspected: ${direct.reason}.`, otherWays(source));
  return NONE;
}

function otherWays({ dataApi }: SqlSource): string {
  const script = 'run the script of plan --sql and give its output by --sql-result';
  return dataApi
    ? `The Data API of the cluster is on: give --secret ARN. Or ${script}.`
    : `Run plan from a network that reaches the server, or ${script}.`;
}

function outcome(
  findings: Findings,
  inspected: Inspected,
  method: InspectionMethod,
  message: string,
): SqlAnswers {
  if (!inspected.connected) {
    findings.warn('sql', `The databases were not inspected: ${inspected.reason}.`);
    return NONE;
  }
  if ('error' in inspected) {
    if (inspected.failsFromAnywhere)
      findings.prevent(
        'sql',
        inspected.error,
        'Fix the login or the database; a deployment fails for the same reason.',
      );
    else
      findings.warn(
        'sql',
        `The databases were not inspected: ${inspected.error}`,
        'Name the databases by --database, or run the script of plan --sql and give its output by --sql-result. A deployment connects from another machine.',
      );
    return { method, databases: [] };
  }
  findings.ready('sql', message);
  for (const { name, reason, isNamed } of inspected.left) {
    const what = `The database ${name} was not inspected: ${reason}.`.replace(/\.\.$/, '.');
    if (isNamed) findings.prevent('sql', what, 'Fix its name, or let the administrator connect to it.');
    else findings.warn('sql', what);
  }
  return { method, databases: inspected.databases };
}

function pasted(
  findings: Findings,
  files: readonly string[],
  { databases: named }: InspectionRequest,
): SqlAnswers {
  const databases = parseOutput(files.map((file) => readGiven('sql-result', file)).join('\n'));
  if (databases.length === 0)
    throw new UsageError(
      `--sql-result ${files.join(', ')} has no output of the script that plan --sql prints. Run the script in the database and keep its whole output`,
    );
  findings.ready(
    'sql',
    'Inspected by the output of the script. Login, TLS and the network path were not tested.',
  );
  const missing = (named ?? []).filter(
    (name) => !databases.some(({ databaseName }) => databaseName === name),
  );
  for (const name of missing)
    findings.warn(
      'sql',
      `There is no output for the database ${name}.`,
      'Run the script of plan --sql there too.',
    );
  return { method: 'pasted', databases };
}

async function loginFrom(ports: SqlPorts, { secret, passwordFile }: SqlSource): Promise<Login | undefined> {
  if (secret) return loginIn(secret, await ports.readSecret(secret));
  const { PGUSER: user, PGPASSWORD } = process.env;
  const password = passwordFile ? readGiven('password-file', passwordFile).replace(/\r?\n$/, '') : PGPASSWORD;
  if (passwordFile && !user) throw new UsageError('--password-file needs the name of the user in PGUSER');
  return user && password ? { user, password } : undefined;
}

/** Never quotes the secret. */
function loginIn(secret: string, text: string): Login {
  const { username, password } = parseObject(text) ?? {};
  if (typeof username === 'string' && typeof password === 'string') return { user: username, password };
  throw new UsageError(`--secret ${secret} is not a JSON object with username and password`);
}
