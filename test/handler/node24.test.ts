import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import certificates from '../../lib/handler/rds-authorities.json';
import { type FunctionName, inlineCode } from '../../lib/private/functions/function-code';
import { withServer } from '../support/with-server';
import { pinFor, requestsTo } from '../support/requests';

const ROOT = join(__dirname, '../..');
const STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/shop/0f3c9a10';

/** The runtime that the functions declare. */
const node24 = execFileSync(process.execPath, [join(ROOT, 'scripts/node24.mjs')], {
  encoding: 'utf8',
}).trim();
const server = withServer();
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'datafold-node24-'));
  writeFileSync(join(folder, 'ca.pem'), server.postgres.caCertificate);
  await server.freshDatabase('app');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads the code as it is deployed and hands it one event: what it returns or throws, and what it logs. */
function invoke(file: string, event: object, environment: Record<string, string> = {}) {
  const code = `
    const lines = [];
    require('node:https').request = (url, options, answered) => ({
      on() {}, end: (body) => (lines.push(String(body)), answered({ statusCode: 200, resume() {} })),
    });
    const tls = require('node:tls');
    const { createSecureContext } = tls;
    tls.createSecureContext = (options) => (lines.push(...[options?.ca ?? []].flat()), createSecureContext(options));
    const { handler } = require(${JSON.stringify(file)});
    const context = { invokedFunctionArn: 'arn', getRemainingTimeInMillis: () => 60_000 };
    console.log = (line) => lines.push(String(line));
    handler(${JSON.stringify(event)}, context)
      .then((answer) => ({ answer }), (error) => ({ error: error.message }))
      .then((outcome) => process.stdout.write(JSON.stringify({ ...outcome, lines, version: process.version })));`;
  const env = { PATH: process.env.PATH, AWS_REGION: 'us-east-1', ...environment };
  const { stdout, stderr } = spawnSync(node24, ['-e', code], { encoding: 'utf8', env });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { answer?: unknown; error?: string; lines: string[]; version: string };
}

/** The file with the code of a function in a template, which is alone, as Lambda writes it. */
function inlineFile(name: FunctionName): string {
  const file = join(folder, `${name}.js`);
  writeFileSync(
    file,
    inlineCode(name, (asset) => readFileSync(join(ROOT, 'assets', asset))),
  );
  return file;
}

const bundles = (name: FunctionName): [string, () => string][] => [
  ['the asset', () => join(ROOT, `assets/${name}/index.js`)],
  ['the code in a template', () => inlineFile(name)],
];

describe.each(bundles('sql-runner'))('the sql-runner on Node.js 24, %s', (_, fileOf) => {
  const { apply, verify, remove } = {
    apply: () => requestsTo(server.postgres).apply(),
    verify: () => requestsTo(server.postgres).verify(),
    remove: () => requestsTo(server.postgres).remove(),
  };
  const run = (request: ReturnType<typeof apply | typeof verify | typeof remove>, environment = {}) => {
    const pins = { DATAFOLD_SERVERS: JSON.stringify([pinFor(request)]) };
    return invoke(fileOf(), request, { ...pins, ...environment });
  };
  const withoutCertificate = () => {
    const request = verify();
    const { caCertificate: _, ...rest } = request.server;
    return { ...request, server: rest };
  };

  test('connects to a real server by TLS, sets up the role, verifies it and removes it', () => {
    const applied = run(apply());
    expect(applied.version).toMatch(/^v24\./);
    expect(applied.answer).toMatchObject({ ok: true, report: { finished: true } });
    expect(run(verify()).answer).toMatchObject({ ok: true });
    expect(run(remove()).answer).toMatchObject({ ok: true });
  });

  test('trusts what the runtime names beside the authorities of RDS, and nothing else', () => {
    run(apply());
    const NODE_EXTRA_CA_CERTS = join(folder, 'ca.pem');
    expect(run(withoutCertificate(), { NODE_EXTRA_CA_CERTS }).answer).toMatchObject({ ok: true });
    for (const AWS_REGION of ['us-east-1', 'us-gov-west-1']) {
      const { answer, lines } = run(withoutCertificate(), { AWS_REGION });
      const code = expect.stringMatching(/SELF_SIGNED_CERT|UNABLE_TO/) as string;
      expect(answer).toMatchObject({ ok: false, error: { code } });
      const trusted = lines.filter((line) => line === certificates['us-east-1']);
      expect(trusted).toHaveLength(AWS_REGION === 'us-east-1' ? 1 : 0);
    }
    run(remove());
  });
});

describe.each(bundles('provisioner'))('the provisioner on Node.js 24, %s', (_, fileOf) => {
  const pins = { DATAFOLD_STACK: STACK, DATAFOLD_URL_SUFFIX: 'amazonaws.com', DATAFOLD_HOSTS: '[]' };

  test('answers CloudFormation: here that the event is not of its stack', () => {
    const ResponseURL = 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/answer';
    const event = {
      RequestType: 'Create',
      RequestId: 'r',
      StackId: `${STACK}1`,
      LogicalResourceId: 'L',
      ResponseURL,
    };
    const { lines, version } = invoke(fileOf(), event, pins);
    expect(version).toMatch(/^v24\./);
    const answer = lines.find((line) => line.startsWith('{"Status"')) ?? '{}';
    expect(JSON.parse(answer)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining(`it is not of the stack ${STACK}.`),
      RequestId: 'r',
    });
  });

  test('refuses an event that names another place to answer to', () => {
    const event = { RequestType: 'Create', StackId: STACK, ResponseURL: 'https://attacker.example/' };
    expect(invoke(fileOf(), event, pins).error).toContain(
      'its ResponseURL is not one of CloudFormation in this region',
    );
  });
});
