import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Client, ClientConfig } from 'pg';
import { freePort } from '../../support/postgres-server/cluster';
import type { Cloud, Endpoint, Key } from './cloud';
import { superuser } from './database';
import { shell } from './shell';

export const REPOSITORY = join(__dirname, '../../..');
export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const SECOND_REGION = 'us-west-2';

/** In which order the emulator makes resources that do not depend on each other. */
export type Order = 'template' | 'reverse' | `random:${number}`;

export const TESTING: Key = { accessKeyId: 'testing', secretAccessKey: 'testing' };

/** The emulator gives itself some twenty seconds to start, and the port may be taken meanwhile. */
const ATTEMPTS = 3;

const running = new Set<Lab>();

interface Harness {
  readonly hosts: Record<string, number>;
  readonly logs: Record<string, string>;
  /** By host name. */
  readonly addresses: Record<string, string[]>;
  /** By the name of a load balancer, and its port: the local port. */
  readonly loadBalancers: Record<string, Record<string, number>>;
}

export interface LabOptions {
  readonly sources: string;
  readonly dir: string;
  readonly order: Order;
  /** The first of a hundred ports. */
  readonly postgresPort: number;
  /** Whether reachability in VPCs is enforced. */
  readonly network?: boolean;
  /** How long RDS takes for a change or a reboot. */
  readonly modifySeconds?: number;
  /** The Node that runs functions of the runtime nodejs24.x; the suite's own without it. */
  readonly node24?: string;
}

/** An emulated AWS: what its programs need to find it, and the folder with all it writes down. */
export class Lab implements Cloud {
  public readonly evidence: string;
  public readonly region = REGION;
  public readonly regions = [REGION, SECOND_REGION];
  public readonly prefix = '';
  public readonly timeout = 300_000;
  public readonly watchEvery = 500;

  private constructor(
    public readonly options: LabOptions,
    public readonly url: string,
  ) {
    this.evidence = join(options.dir, 'evidence');
    mkdirSync(this.evidence, { recursive: true });
    running.add(this);
  }

  /** Stops all that still run: none may outlive the suite. */
  public static stopAll(): void {
    for (const { options } of running) {
      spawnSync('bash', [join(options.sources, 'lab.sh'), 'down', options.dir]);
    }
  }

  /** Starts one with IAM, the authorities of RDS and, if not told otherwise, the network enforced. */
  public static async start(options: LabOptions): Promise<Lab> {
    const { sources, dir, order, postgresPort, network = true, modifySeconds = 0, node24 } = options;
    mkdirSync(dir, { recursive: true });
    const env = {
      ...process.env,
      LOCALAWS_ENFORCE_IAM: '1',
      LOCALAWS_ENFORCE_NET: network ? '1' : '0',
      LOCALAWS_STRICT_CA: '1',
      ...(node24 && { LOCALAWS_NODE_24: node24 }),
      LOCALAWS_ORDER: order,
      LOCALAWS_MODIFY_SECONDS: `${modifySeconds}`,
      LOCALAWS_CR_TIMEOUT: '120',
      LOCALAWS_NODE_PATH: join(REPOSITORY, 'node_modules'),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: join(__dirname, 'emulator'), // its known faults, put right
    };
    let said = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const port = await freePort();
      const up = await shell('bash', [join(sources, 'lab.sh'), 'up', dir, `${port}`, `${postgresPort}`], {
        env,
      });
      if (up.code === 0) return new Lab(options, `http://localhost:${port}`);
      said = up.text;
    }
    throw new Error(`The emulated AWS of ${sources} does not start:\n${said}`);
  }

  public get dir(): string {
    return this.options.dir;
  }

  public get env(): NodeJS.ProcessEnv {
    const { node24 } = this.options;
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
      // The CDK CLI and the apps: newer versions of Node.js keep what they have compiled.
      ...(node24 && { PATH: `${dirname(node24)}${delimiter}${process.env.PATH}` }),
      NODE_COMPILE_CACHE: join(REPOSITORY, '.cache/node'),
    };
  }

  public client(region: string, key: Key = TESTING): Endpoint {
    return { region, endpoint: this.url, credentials: key, maxAttempts: 2 };
  }

  public async reach(host: string): Promise<ClientConfig> {
    const ca = readFileSync(join(this.dir, 'ca.pem'), 'utf8');
    const ssl = { ca, servername: host, rejectUnauthorized: true };
    return { host: '127.0.0.1', port: await this.portOf(host), ssl };
  }

  /** As the superuser that only RDS itself has. */
  public async inspect<T>(host: string, database: string, use: (client: Client) => Promise<T>): Promise<T> {
    return superuser(this, await this.portOf(host), database, use);
  }

  public isOurs(): boolean {
    return true;
  }

  /** All that the emulator has written down. */
  public get log(): string {
    return readFileSync(join(this.dir, 'localaws.log'), 'utf8');
  }

  /** The local port behind the host name of a database. */
  public async portOf(host: string): Promise<number> {
    const port = (await this.harness()).hosts[host];
    if (port === undefined) {
      throw new Error(`No database answers at ${host}`);
    }
    return port;
  }

  /** The local port behind a port of the only load balancer. */
  public async balancerPort(port: number): Promise<number> {
    const [ports] = Object.values((await this.harness()).loadBalancers);
    return ports[port];
  }

  /** The addresses in a VPC of the host names of databases. */
  public async addresses(): Promise<Readonly<Record<string, string[]>>> {
    return (await this.harness()).addresses;
  }

  /** The names of all load balancers. */
  public async balancers(): Promise<string[]> {
    return Object.keys((await this.harness()).loadBalancers);
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
    running.delete(this);
    await shell('bash', [join(this.options.sources, 'lab.sh'), 'down', this.dir]);
  }

  private async harness(): Promise<Harness> {
    return (await (await fetch(`${this.url}/localaws`)).json()) as Harness;
  }
}
