import { regionOf } from '../../handler/provisioner/aws/secrets';
import { DATAFOLD_SAAS, isDatafoldUrl } from '../../private/datafold';
import type { Session } from '../aws/session';
import { AWS_OPTIONS, defineCommand, UsageError, type Command, type Values, wholeNumber } from '../command';
import { readGiven } from '../files';
import type { Terminal } from '../terminal';
import { progressOn } from '../terminal/progress';
import { jsonText, visibleText } from '../terminal/visible';
import { examine } from './examine';
import type { DoctorPorts } from './ports';
import { asJson, asText, hasNoFailures } from './print';
import type { ReportRequest } from './report/make';

const [MAX_HOURS, DEFAULT_HOURS, MAX_MB, DEFAULT_MB] = [24 * 31, 24, 100_000, 200];

const OPTIONS = {
  stack: { value: 'NAME', help: 'the stack with the constructs of this library' },
  secret: { value: 'ARN', help: 'one data source: the secret of a DataSource' },
  ...AWS_OPTIONS,
  region: {
    value: 'REGION',
    help: "the region [that of the secret's ARN, else of your environment or profile]",
  },
  ca: { value: 'FILE', help: 'PEM certificates to trust for connections from this machine' },
  'data-api-secret': {
    value: 'ARN',
    help: "an administrator's secret for the Data API, for a cluster that neither this machine nor the function reaches [that of the stack]",
  },
  json: { help: 'print JSON' },
  report: {
    value: 'FILE',
    help: 'write a page: checks, content of the statement log, lineage',
  },
  hours: {
    value: 'N',
    help: 'read the statement log of the last N hours [24 with --report]',
  },
  'max-mb': { value: 'N', help: 'read at most N MB of a log, evenly by hour [200]' },
  'api-key-secret': {
    value: 'ARN',
    help: 'compare with Datafold: the secret with its API key [that of the registration]',
  },
  datafold: { value: 'URL', help: `the URL of Datafold [that of the registration, else ${DATAFOLD_SAAS}]` },
} as const;

type MakePorts = (session: Session) => Promise<DoctorPorts>;

/** `doctor`: checks a deployment. */
export function doctorCommand(makePorts: MakePorts): Command {
  return defineCommand({
    name: 'doctor',
    summary: 'check whether Datafold can read PostgreSQL and its statement log, as deployed',
    description:
      'Checks, with your AWS credentials, whether Datafold can read PostgreSQL and its statement log, as deployed. Changes nothing, except that it creates and drops a table in the schema for temporary tables.',
    usage: '(--stack NAME | --secret ARN) [options]',
    options: OPTIONS,
    notes: `With --report or --hours the statement log is read (logs:FilterLogEvents, rds:DescribeEvents). The report has
names and counts, and no text of a statement and no value.
The role is tested from this machine if it can reach the server, otherwise by the function of the stack
(lambda:InvokeFunction), otherwise its privileges by the Data API of a cluster; the output says which.
Exit status: 0 if nothing failed, 1 if a check failed, 2 for invalid options.`,
    run: async (values, terminal) => doctor(values, makePorts, terminal),
  });
}

async function doctor(
  { stack, secret, profile, ca, json, 'data-api-secret': dataApiSecret, ...given }: Values<typeof OPTIONS>,
  makePorts: MakePorts,
  terminal: Terminal,
): Promise<number> {
  const region = given.region ?? (secret && regionOf(secret));
  const subject = stack ?? secret;
  if (!subject) throw new UsageError('Name a stack by --stack, or a secret by --secret');
  const caCertificate = ca === undefined ? undefined : readGiven('ca', ca);
  const request = requestOf(subject, given);
  const reporting = request && (await import('./report'));
  if (given.report !== undefined) reporting?.checkTarget(given.report);
  const ports = await makePorts({ region, profile });
  const { show, part, end } = progressOn(terminal.error);
  const examination = await examine(ports, { stack, secret, caCertificate, dataApiSecret }, (what) =>
    show(`checking ${what}`),
  ).finally(end);
  if (!reporting) {
    const { checks } = examination;
    terminal.out(json ? asJson(checks) : visibleText(asText(checks, terminal), terminal));
    return hasNoFailures(checks) ? 0 : 1;
  }
  const { makeReport, writePage, asPage, logAsText } = reporting;
  const report = await makeReport(ports, examination, request, part).finally(end);
  if (given.report !== undefined) writePage(given.report, asPage(report));
  if (json) terminal.out(jsonText(report));
  else {
    const logs = report.logs.map((log) => `\n${logAsText(log, terminal)}`);
    const written = given.report === undefined ? '' : `\nThe report is in ${given.report}.\n`;
    terminal.out(visibleText([asText(report.checks, terminal), ...logs, written].join(''), terminal));
  }
  return report.ok ? 0 : 1;
}

/** What to report on; undefined if only the checks are asked for. */
function requestOf(
  subject: string,
  given: Pick<Values<typeof OPTIONS>, 'report' | 'hours' | 'max-mb' | 'api-key-secret' | 'datafold'>,
): ReportRequest | undefined {
  const { report, hours, 'max-mb': megabytes, 'api-key-secret': apiKeySecret, datafold: host } = given;
  if (report === undefined && hours === undefined) {
    const [unused] = (['max-mb', 'api-key-secret', 'datafold'] as const).filter((one) => given[one]);
    if (unused) throw new UsageError(`--${unused} needs --report or --hours`);
    return undefined;
  }
  if (host !== undefined && !isDatafoldUrl(host))
    throw new UsageError(`--datafold must be a URL such as ${DATAFOLD_SAAS}, without a path, got: ${host}`);
  return {
    subject,
    hours: wholeNumber('hours', hours, MAX_HOURS) ?? DEFAULT_HOURS,
    maxBytes: (wholeNumber('max-mb', megabytes, MAX_MB) ?? DEFAULT_MB) * 1_000_000,
    apiKeySecret,
    host,
  };
}
