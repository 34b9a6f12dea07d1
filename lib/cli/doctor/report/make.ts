import { DATAFOLD_SAAS } from '../../../private/datafold';
import { apiKeyIn } from '../../../handler/provisioner/registration/secrets';
import { version } from '../../files';
import type { Check } from '../check';
import { registrationOf, type RegistrationFacts } from '../data-sources';
import type { Examination } from '../examine';
import type { Form } from '../form';
import type { DoctorPorts, StackFacts } from '../ports';
import { hasNoFailures } from '../print';
import { collectLog } from './collect';
import { compareWithDatafold, noComparison } from './compare';
import { LineageUnavailable } from './datafold-lineage';
import type { LogReport, Report } from './model';
import type { LogRange } from './read-log';
import { size } from './page/format';
import { HOUR_MS } from './timeline';

/** What to report on. */
export interface ReportRequest {
  readonly subject: string;
  readonly hours: number;
  readonly maxBytes: number;
  /** The secret with an API key of Datafold; by default that of the stack's registration. */
  readonly apiKeySecret?: string;
  /** The URL of Datafold; by default that of the stack's registration. */
  readonly host?: string;
}

type Part = (what: string, done: number, total: number) => void;
type LogForm = Form & { readonly log: NonNullable<Form['log']> };

/** Reads the log groups of the data sources, and makes the report with the checks. */
export async function makeReport(
  ports: DoctorPorts,
  { checks, forms, stack }: Examination,
  request: ReportRequest,
  part: Part,
  now = Date.now(),
): Promise<Report> {
  const all: Check[] = [...checks];
  const logs: LogReport[] = [];
  const datafold = datafoldOf(request, stack);
  const range = { from: now - request.hours * HOUR_MS, to: now, maxBytes: request.maxBytes };
  for (const group of byLogGroup(forms)) {
    const [{ log }] = group;
    try {
      logs.push(await reportOn(ports, group, { range, datafold }, part));
    } catch (error) {
      all.push({
        check: 'statement_log',
        subject: log.logGroupName,
        status: 'failed',
        message: (error as Error).message,
        next: 'Allow logs:FilterLogEvents on the log group for your AWS credentials.',
      });
    }
  }
  if (logs.length === 0 && !all.some(({ check }) => check === 'statement_log'))
    all.push({
      check: 'statement_log',
      subject: request.subject,
      status: 'warning',
      message: 'No data source has a statement log, so there is no lineage to report on.',
      next: 'Servers of PostgresServer.endpoint() have none. For others, read the failed checks.',
    });
  const { subject } = request;
  return { version: version(), generatedAt: now, subject, ok: hasNoFailures(all), checks: all, logs };
}

/** The Datafold to compare with; undefined if none is given or registered. */
function datafoldOf(
  { host, apiKeySecret }: ReportRequest,
  stack: StackFacts | undefined,
): RegistrationFacts | undefined {
  const registration = stack && registrationOf(stack);
  const secret = apiKeySecret ?? registration?.apiKeySecret;
  if (secret === undefined) return undefined;
  return { host: host ?? registration?.host ?? DATAFOLD_SAAS, apiKeySecret: secret };
}

async function reportOn(
  ports: DoctorPorts,
  group: readonly LogForm[],
  { range, datafold }: { readonly range: LogRange; readonly datafold?: RegistrationFacts },
  part: Part,
): Promise<LogReport> {
  const [{ log }] = group;
  const { logGroupName, region } = log;
  const target = { logGroupName, region, datafoldRoles: group.map(({ user }) => user) };
  const report = await collectLog(ports, target, range, (done, total, bytes) =>
    part(`${logGroupName}: ${size(bytes)} read`, done, total),
  );
  if (!datafold) return report;
  const { host } = datafold;
  const apiKey = await readApiKey(ports, datafold.apiKeySecret);
  if (apiKey instanceof LineageUnavailable)
    return { ...report, datafold: noComparison(host, apiKey.message) };
  const progress = (done: number, total: number) => part('asking Datafold for its lineage', done, total);
  const { edges } = report.coverage;
  return { ...report, datafold: await compareWithDatafold({ host, apiKey }, group, edges, progress) };
}

/** Reads the API key of Datafold, or returns why that is not possible. */
async function readApiKey(ports: DoctorPorts, secret: string): Promise<string | LineageUnavailable> {
  let value: string;
  try {
    value = await ports.readSecret(secret);
  } catch {
    return new LineageUnavailable(
      `the secret ${secret} could not be read. Allow secretsmanager:GetSecretValue on it for your AWS credentials.`,
    );
  }
  return (
    apiKeyIn(value) ??
    new LineageUnavailable(
      `the secret ${secret} does not hold an API key of Datafold: the key itself, or a JSON object with "apiKey".`,
    )
  );
}

/** The data sources with a statement log, by log group. */
function byLogGroup(forms: readonly Form[]): LogForm[][] {
  const groups = new Map<string, LogForm[]>();
  for (const form of forms) {
    if (!form.log) continue;
    const key = `${form.log.region} ${form.log.logGroupName}`;
    groups.set(key, [...(groups.get(key) ?? []), form as LogForm]);
  }
  return [...groups.values()];
}
