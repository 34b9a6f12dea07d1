import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctorCommand } from '../../../lib/cli/doctor';
import type { Report } from '../../../lib/cli/doctor/report/model';
import { main } from '../../../lib/cli/main';
import { withServer } from '../../support/with-server';
import {
  API_KEY_SECRET,
  DoctorEnvironment,
  GROUP,
  prepare,
  runDoctor,
  STACK,
} from '../support/doctor-environment';
import { LineageServer } from '../support/lineage-server';
import { sampleLog } from '../support/sample-log';

const HOUR_MS = 3_600_000;
const server = withServer();
let environment: DoctorEnvironment;
let folder: string;
let file: string;
beforeAll(async () => prepare(server));
beforeEach(() => {
  environment = new DoctorEnvironment(server.postgres);
  environment.events = sampleLog(Date.now() - 3 * HOUR_MS, 2);
  folder = mkdtempSync(join(tmpdir(), 'report-'));
  file = join(folder, 'report.html');
});

const run = async (...args: string[]) => runDoctor(environment, '--stack', 'Shop', ...args);
const jsonOf = ({ lines }: { lines: string[] }) => JSON.parse(lines.join('\n')) as Report;

test('writes the page, and prints the checks and the lineage', async () => {
  const { status, lines } = await run('--report', file, '--hours', '4');
  expect(status).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html><!-- report of cdk-datafold-postgres -->/);
  expect(readdirSync(folder)).toEqual(['report.html']);
  expect(lines).toContain('11 checks: 11 ok, 0 warnings, 0 failed.');
  expect(lines).toContain(GROUP);
  expect(lines.find((line) => line.startsWith('sales.orders ──▶ staging.orders'))).toMatch(
    /\d+ statements? +etl$/,
  );
  expect(lines.at(-1)).toBe(`The report is in ${file}.`);
});

test('prints the same as JSON, and no literal, bind value, comment or secret in either', async () => {
  const report = jsonOf(await run('--report', file, '--json'));
  const page = readFileSync(file, 'utf8');
  expect(Object.keys(report)).toEqual(['version', 'generatedAt', 'subject', 'ok', 'checks', 'logs']);
  const [log] = report.logs;
  for (const { source, target } of log.coverage.edges) {
    expect(page).toContain(`<code>${source}</code>`);
    expect(page).toContain(`<code>${target}</code>`);
  }
  const planted = [
    'secret-in-do',
    'secret-in-call',
    'secret-bind-value',
    '4711',
    'secret-literal',
    'secret-comment',
  ];
  const { password, aws_secret_access_key: key } = environment.form.options as Record<string, string>;
  for (const text of [...planted, password, key, environment.apiKey]) {
    expect(page).not.toContain(text);
    expect(JSON.stringify(report)).not.toContain(text);
  }
  expect(environment.events.some(({ message }) => message.includes('secret-bind-value'))).toBe(true);
});

test('no name of the log reaches the terminal with a control character or forges a line', async () => {
  const name = '"x\u001b]0;title\u0007\u009b2J\n99 checks: 99 ok"';
  environment.events = sampleLog(Date.now() - 3 * HOUR_MS, 2, [
    { role: 'evil\u001b[2J', sql: `INSERT INTO ${name} SELECT * FROM ${name.replace('x', 'y')}` },
    { role: 'idle\u001b[2J\nx', sql: 'INSERT INTO t VALUES (1)' },
  ]);
  const { lines } = await run('--hours', '4');
  const text = lines.join('\n');
  expect(text).toContain('\ufffd]0;title\ufffd\ufffd2J');
  expect(text).toContain('evil\ufffd[2J');
  expect(text).not.toMatch(/[^\P{C}\n]/u);
  expect(text).not.toMatch(/^99 checks/m);
});

test('reads the log without a page if only --hours is given', async () => {
  const { lines } = await run('--hours', '4');
  expect(lines).toContain(GROUP);
  expect(existsSync(file)).toBe(false);
});

test('overwrites an earlier report, and no other file', async () => {
  await run('--report', file);
  const { status } = await run('--report', file);
  expect(status).toBe(0);
  writeFileSync(file, 'my notes');
  expect(await run('--report', file)).toMatchObject({ status: 2 });
  expect(readFileSync(file, 'utf8')).toBe('my notes');
});

test('compares with the Datafold in which the stack registers its data sources', async () => {
  const datafold = await new LineageServer(environment.apiKey).start();
  datafold.upstreams = { 'app.staging.orders': [['app', 'sales', 'orders']] };
  environment.events = environment.events.map((one) => ({
    ...one,
    message: one.message.replace('@shop:', '@app:'),
  }));
  const Registration = { Properties: { host: datafold.url, apiKeySecretArn: API_KEY_SECRET } };
  const { Resources } = STACK.template as { Resources: object };
  environment.stack = {
    ...STACK,
    resources: [
      ...STACK.resources,
      { logicalId: 'Registration', physicalId: '41', type: 'Custom::DatafoldRegistration' },
    ],
    template: { Resources: { ...Resources, Registration } },
  };
  const { url } = datafold;
  const { arrived, missing, host } = jsonOf(await run('--report', file, '--json')).logs[0].datafold!;
  await datafold.stop();
  expect(host).toBe(url);
  expect(arrived).toEqual([{ database: 'app', source: 'sales.orders', target: 'staging.orders' }]);
  expect(missing.length).toBeGreaterThan(3);
  expect(readFileSync(file, 'utf8').replace(/\s+/g, ' ')).toContain('1 edge of the log arrived');
});

test('draws a bar while it reads, if standard error is a terminal', async () => {
  let drawn = '';
  const error = { isTTY: true, columns: 100, write: (text: string) => (drawn += text) };
  const terminal = { out: () => undefined, columns: 100, hasColors: false, error };
  await main(['doctor', '--stack', 'Shop', '--hours', '4'], terminal, [
    doctorCommand(async () => environment),
  ]);
  const lines = drawn.split('\r\u001b[K');
  expect(
    lines.some((line) => /^█+░* +\d+ % {2}\/aws\/rds\/cluster\/shop\/postgresql: [\d.]+ kB read$/.test(line)),
  ).toBe(true);
  expect(drawn.endsWith('\r\u001b[K')).toBe(true);
});

test('says why there is no comparison', async () => {
  environment.apiKey = 'not a key';
  const { lines } = await run(
    '--hours',
    '4',
    '--api-key-secret',
    API_KEY_SECRET,
    '--datafold',
    'https://df.example',
  );
  expect(lines).toContain(
    `No comparison with https://df.example: the secret ${API_KEY_SECRET} does not hold an API key of Datafold: the key itself, or a JSON object with "apiKey".`,
  );
});

test('a log that can not be read is a failed check, and the page has the rest', async () => {
  environment.readEvents = async () =>
    Promise.reject(new Error('logs:FilterLogEvents on g failed with AccessDenied'));
  const { status, lines } = await run('--report', file);
  expect(status).toBe(1);
  expect(lines).toContain(
    `FAILED   ${GROUP}  statement_log     logs:FilterLogEvents on g failed with AccessDenied Next: Allow logs:FilterLogEvents on the log group for your AWS credentials.`,
  );
  expect(readFileSync(file, 'utf8')).toContain('logs:FilterLogEvents on g failed with AccessDenied');
});

test.each([
  [['--hours', '0'], '--hours must be a whole number from 1 to 744, got: 0.'],
  [['--hours', '1e2'], '--hours must be a whole number from 1 to 744, got: 1e2.'],
  [['--hours', '1.5'], '--hours must be a whole number from 1 to 744, got: 1.5.'],
  [
    ['--report', 'x.html', '--max-mb', 'many'],
    '--max-mb must be a whole number from 1 to 100000, got: many.',
  ],
  [['--max-mb', '10'], '--max-mb needs --report or --hours.'],
  [
    ['--hours', '1', '--datafold', 'http://df.example'],
    '--datafold must be a URL such as https://app.datafold.com, without a path, got: http://df.example.',
  ],
  [
    ['--report', '/no/such/folder/x.html'],
    "--report /no/such/folder/x.html can't be written: the folder does not exist.",
  ],
])('%j is refused before anything is read', async (args, message) => {
  const { status, error } = await runDoctor(environment, '--stack', 'Shop', ...args);
  expect({ status, error: error?.split('\n')[0] }).toEqual({ status: 2, error: message });
});
