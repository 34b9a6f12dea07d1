import { linkSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { shell } from './shell';

export const REPOSITORY = join(__dirname, '../../..');
export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const SECOND_REGION = 'us-west-2';

/** In which order the emulator makes resources that do not depend on each other. */
export type Order = 'template' | 'reverse';

interface Harness {
  readonly hosts: Record<string, number>;
  readonly logs: Record<string, string>;
}

/** An emulated AWS: what its programs need to find it, and the folder with all it writes down. */
export class Lab {
  public readonly evidence: string;

  public constructor(
    public readonly order: Order,
    public readonly dir: string,
    public readonly url: string,
    private readonly sources?: string,
  ) {
    this.evidence = join(dir, 'evidence');
    mkdirSync(this.evidence, { recursive: true });
  }

  /** Starts one with IAM and network enforced. */
  public static async start(sources: string, dir: string, order: Order, postgresPort: number): Promise<Lab> {
    mkdirSync(dir, { recursive: true });
    const port = await freePort();
    const env = {
      ...process.env,
      LOCALAWS_ENFORCE_IAM: '1',
      LOCALAWS_ENFORCE_NET: '1',
      LOCALAWS_ORDER: order,
      LOCALAWS_NODE_PATH: join(REPOSITORY, 'node_modules'),
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const up = await shell('bash', [join(sources, 'lab.sh'), 'up', dir, `${port}`, `${postgresPort}`], {
      env,
    });
    if (up.code !== 0) {
      throw new Error(`The emulated AWS of ${sources} does not start:\n${up.text}`);
    }
    return new Lab(order, dir, `http://localhost:${port}`, sources);
  }

  public get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      AWS_ENDPOINT_URL: this.url,
      AWS_ENDPOINT_URL_S3: this.url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      NODE_OPTIONS: `--require ${join(__dirname, 'fast-polling.cjs')}`,
    };
  }

  public get ca(): string {
    return readFileSync(join(this.dir, 'ca.pem'), 'utf8');
  }

  /** The local port behind the host name of a database. */
  public async portOf(host: string): Promise<number> {
    const port = (await this.harness()).hosts[host];
    if (port === undefined) {
      throw new Error(`No database answers at ${host}`);
    }
    return port;
  }

  /** The folder of a server: its socket, its log, its data. */
  public serverDir(port: number): string {
    return join(this.dir, 'pg', `${port}`);
  }

  /** Keeps the logs of the PostgreSQL servers that run now: the emulator throws them away when a port is used again. */
  public async keepServerLogs(): Promise<void> {
    for (const log of Object.values((await this.harness()).logs)) {
      const kept = join(this.evidence, `postgresql-${statSync(log).ino}.log`);
      if (!statSync(kept, { throwIfNoEntry: false })) {
        linkSync(log, kept);
      }
    }
  }

  public async stop(): Promise<void> {
    if (this.sources) {
      await shell('bash', [join(this.sources, 'lab.sh'), 'down', this.dir]);
    }
  }

  private async harness(): Promise<Harness> {
    return (await (await fetch(`${this.url}/localaws`)).json()) as Harness;
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
