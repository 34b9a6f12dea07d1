import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Report } from '../../../lib/cli/doctor/report/model';
import { HttpServer } from '../../support/http-server';
import { GROUP, SECRET } from '../support/doctor-environment';
import { sampleLog } from '../support/sample-log';

const BUNDLE = join(__dirname, '../../../dist/cli/index.js');
const FORM = {
  type: 'postgres_aurora',
  name: 'shop/app',
  temp_schema: 'datafold_tmp',
  options: {
    host: '127.0.0.1',
    port: 1, // nothing listens there
    user: 'datafold',
    password: 'p',
    dbname: 'shop',
    sslmode: 'verify-full',
    aws_access_key_id: 'AKIAEXAMPLE',
    aws_secret_access_key: 's',
    aws_region: 'us-east-1',
    aws_cloudwatch_log_group: GROUP,
  },
};

/** AWS as far as this test needs it: operations by name, each answered with JSON. */
const ANSWERS: Record<string, (input: { startTime?: number; endTime?: number }) => unknown> = {
  DescribeSecret: () => ({ ARN: SECRET, Tags: [] }),
  GetSecretValue: () => ({ ARN: SECRET, SecretString: JSON.stringify(FORM) }),
  DescribeLogGroups: () => ({ logGroups: [{ logGroupName: GROUP, retentionInDays: 30 }] }),
  FilterLogEvents: ({ startTime = 0, endTime = 0 }) => ({
    events: sampleLog(Date.now() - 2 * 3_600_000, 1)
      .filter(({ at }) => at >= startTime && at <= endTime)
      .map(({ stream, at, message }) => ({ logStreamName: stream, timestamp: at, message })),
  }),
};

const aws = new HttpServer((request, body, response) => {
  const name = String(request.headers['x-amz-target']).split('.').at(-1)!;
  const answer = ANSWERS[name]?.(JSON.parse(body) as object);
  response.writeHead(answer ? 200 : 403, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(answer ?? { __type: 'AccessDeniedException', message: 'not allowed' }));
});

beforeAll(async () => aws.start());
afterAll(async () => aws.stop());

test('the bundled command reads a log by the API of AWS, with the grammar beside it and without node_modules', async () => {
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${aws.port}`,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_MAX_ATTEMPTS: '1',
  };
  const args = [BUNDLE, 'doctor', '--secret', SECRET, '--hours', '4', '--json'];
  const out = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { cwd: '/', env, maxBuffer: 1e8 }, (_, stdout, stderr) =>
      resolve(stdout || stderr),
    ),
  );
  const { logs, ok } = JSON.parse(out) as Report;
  expect(ok).toBe(false); // nothing listens at the server's address
  expect(logs[0].coverage.edges.map(({ source, target }) => `${source} > ${target}`)).toContain(
    'sales.orders > marts.recent_orders',
  );
});
