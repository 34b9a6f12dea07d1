import { DATAFOLD_SAAS } from '../../../private/datafold';
import { apiKeyIn } from '../../../handler/provisioner/registration/secrets';
import { version } from '../../files';
import type { Check } from '../check';
import { registrationOf, type RegistrationFacts } from '../data-sources';
import type { Examination } from '../examine';
import type { Form } from '../form';
import type { DoctorPorts } from '../ports';
import { hasNoFailures } from '../print';
import { collectLog } from './collect';
import { compareWithDatafold } from './compare';
import type { DatafoldComparison, LogReport, Report } from './model';
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
  const registration = stack && registrationOf(stack);
  for (const group of byLogGroup(forms)) {
    const [{ log }] = group;
    try {
      logs.push(await reportOn(ports, group, request, registration, part, now));
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

async function reportOn(
  ports: DoctorPorts,
  group: readonly LogForm[],
  request: ReportRequest,
  registration: RegistrationFacts | undefined,
  part: Part,
  now: number,
): Promise<LogReport> {
  const [{ log }] = group;
  const { logGroupName, region } = log;
  const { hours, maxBytes } = request;
  const target = { logGroupName, region, datafoldRoles: group.map(({ user }) => user) };
  const range = { from: now - hours * HOUR_MS, to: now, maxBytes };
  const report = await collectLog(ports, target, range, (done, total, bytes) =>
    part(`${logGroupName}: ${size(bytes)} read`, done, total),
  );
  const apiKeySecret = request.apiKeySecret ?? registration?.apiKeySecret;
  if (apiKeySecret === undefined) return report;
  const host = request.host ?? registration?.host ?? DATAFOLD_SAAS;
  const datafold = await compare(ports, { host, apiKeySecret }, group, report, part);
  return { ...report, datafold };
}

async function compare(
  ports: DoctorPorts,
  { host, apiKeySecret }: RegistrationFacts,
  group: readonly LogForm[],
  { coverage }: LogReport,
  part: Part,
): Promise<DatafoldComparison> {
  const nothing = { host, arrived: [], missing: [], stale: [], unasked: 0 };
  let value: string;
  try {
    value = await ports.readSecret(apiKeySecret);
  } catch {
    const problem = `the secret ${apiKeySecret} could not be read. Allow secretsmanager:GetSecretValue on it for your AWS credentials.`;
    return { ...nothing, problem };
  }
  const apiKey = apiKeyIn(value);
  if (apiKey === undefined) {
    const problem = `the secret ${apiKeySecret} does not hold an API key of Datafold: the key itself, or a JSON object with "apiKey".`;
    return { ...nothing, problem };
  }
  return compareWithDatafold({ host, apiKey }, group, coverage.edges, (done, total) =>
    part('asking Datafold for its lineage', done, total),
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
