import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type Postgres } from '../../test/support/postgres';
import { PASSWORD, requestsTo } from '../../test/support/requests';
import { type Figure, median } from '../figure';
import { undo } from './guide';
import { succeed, time } from './handler';
import { makeDatabase, rest } from './schemas';

const PEER = 'cdk-rds-sql';
const VERSION = '8.1.4';
/** Lambda has them. */
const OF_LAMBDA = ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-ssm', '@aws-sdk/dsql-signer'];
const SCHEMAS = 5;
const TABLES = 100;
const ROUNDS = 9;

/** The sql-runner, which verifies what it does, against the function of another library, which verifies nothing. */
export async function peer(): Promise<Figure[]> {
  const folder = install();
  const postgres = await startPostgres({ settings: { shared_buffers: '256MB' } });
  const admin = await makeDatabase(postgres, 'app', SCHEMAS, TABLES);
  const requests = requestsTo(postgres);
  const theirs = await Peer.start(folder, postgres);
  const times = { ours: [] as number[], theirs: [] as number[] };
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const first = round === 0; // not counted: code is loaded
      const theirTime = await time(() => theirs.apply());
      await undo(admin);
      await rest(postgres, 'app');
      const ourTime = await time(() => succeed(requests.apply()));
      await succeed(requests.remove());
      await rest(postgres, 'app');
      if (first) continue;
      times.theirs.push(theirTime);
      times.ours.push(ourTime);
    }
  } finally {
    await admin.end();
    await theirs.stop();
    await postgres.stop();
  }
  const [a, b] = [median(times.ours), median(times.theirs)];
  return [
    {
      name: `first apply with verification, ${TABLES} tables / ${PEER} ${VERSION} without`,
      value: a / b,
      unit: 'x',
      limit: 1.2,
      detail: `${a.toFixed(0)} ms / ${b.toFixed(0)} ms`,
    },
  ];
}

/** The folder of the package, which stays for the next time. */
function install(): string {
  const prefix = join(tmpdir(), `datafold-bench-${PEER}-${VERSION}`);
  const folder = join(prefix, 'node_modules', PEER);
  if (!existsSync(join(folder, 'package.json'))) {
    mkdirSync(prefix, { recursive: true });
    writeFileSync(join(prefix, 'package.json'), '{ "private": true }\n');
    const args = ['install', `${PEER}@${VERSION}`, ...OF_LAMBDA, '--ignore-scripts', '--legacy-peer-deps'];
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--silent'], { cwd: prefix, stdio: 'inherit' });
  }
  return folder;
}

type Handler = (event: object) => Promise<unknown>;

/** Its function, with a stand-in for Secrets Manager: what a user would write with its constructs to the same end. */
class Peer {
  private constructor(
    private readonly handler: Handler,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(folder: string, postgres: Postgres): Promise<Peer> {
    const secrets: Record<string, object> = {
      admin: {
        ...{ engine: 'postgres', host: postgres.host, port: postgres.port, dbname: 'app' },
        ...{ username: postgres.admin.user, password: postgres.admin.password },
      },
      role: { password: PASSWORD },
    };
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const { SecretId } = JSON.parse(body) as { SecretId: string };
        response.setHeader('content-type', 'application/x-amz-json-1.1');
        response.end(JSON.stringify({ SecretString: JSON.stringify(secrets[SecretId]) }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // The function reads the certificates that come with it at each connection; that of the test's server is one more.
    const root = mkdtempSync(join(tmpdir(), 'datafold-bench-peer-'));
    const bundle = join(root, 'global-bundle.pem');
    copyFileSync(join(folder, 'lib/handler/global-bundle.pem'), bundle);
    appendFileSync(bundle, `\n${postgres.caCertificate}`);
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      LAMBDA_TASK_ROOT: root,
    });
    const { handler } = (await import(join(folder, 'lib/handler/index.js'))) as { handler: Handler };
    return new Peer(handler, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true, force: true });
    });
  }

  async apply(): Promise<void> {
    const names = ['public', ...Array.from({ length: SCHEMAS }, (_, schema) => `s${schema}`)].join(', ');
    const grants = [
      `GRANT USAGE ON SCHEMA ${names} TO datafold`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${names} TO datafold`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA ${names} GRANT SELECT ON TABLES TO datafold`,
    ];
    await this.create({ Resource: 'role', ResourceId: 'datafold', PasswordArn: 'role' });
    await this.create({ Resource: 'schema', ResourceId: 'datafold_tmp', RoleName: 'datafold' });
    await this.create({ Resource: 'sql', Statement: grants.join('; ') });
  }

  private async create(properties: object): Promise<void> {
    const ResourceProperties = { SecretArn: 'admin', DatabaseName: 'app', ...properties };
    await this.handler({ RequestType: 'Create', ResourceProperties });
  }
}
