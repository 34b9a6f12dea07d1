import { FilterLogEventsCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, ClientConfig } from 'pg';
import { Aws } from './aws';
import type { Cloud, Endpoint, Key } from './cloud';
import { session } from './database';

/** The tag on everything that a run makes; its value is the run. */
export const TAG = 'datafold-e2e';

export interface AccountOptions {
  readonly region: string;
  readonly dir: string;
  /** Which run, and which of its lanes: part of every name. */
  readonly run: string;
  readonly lane: string;
  /** The addresses from which the suite reaches databases. */
  readonly cidr: string;
  /** The authorities of RDS. */
  readonly ca: string;
  /** What stands for AWS in a test without an account. */
  readonly emulated?: {
    readonly endpoint: string;
    readonly key: Key;
    readonly env: NodeJS.ProcessEnv;
    readonly reach: (host: string) => Promise<ClientConfig>;
  };
}

/** An account of AWS that holds other things too: what is ours has a prefix in its name, or the tag of the run. */
export class Account implements Cloud {
  public readonly dir: string;
  public readonly evidence: string;
  public readonly region: string;
  public readonly regions: readonly string[];
  public readonly prefix: string;
  public readonly timeout = 45 * 60_000;
  public readonly watchEvery = 20_000;
  /** The value of the tag: of all lanes of the run, if the lane is not named. */
  private readonly tag: string;
  private readonly kept = new Map<string, number>();

  public constructor(private readonly options: AccountOptions) {
    const { region, dir, run, lane } = options;
    [this.dir, this.evidence, this.region, this.regions] = [dir, join(dir, 'evidence'), region, [region]];
    [this.prefix, this.tag] = [prefixOf(run, lane), `${run}-${lane}`];
    mkdirSync(this.evidence, { recursive: true });
  }

  public get env(): NodeJS.ProcessEnv {
    const { cidr, region, emulated } = this.options;
    return {
      ...process.env,
      ...emulated?.env,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      E2E_PREFIX: this.prefix,
      E2E_TAG: this.tag,
      E2E_CIDR: cidr,
    };
  }

  public client(region: string, key?: Key): Endpoint {
    const { emulated } = this.options;
    const credentials = key ?? emulated?.key; // without one: what the environment of the suite says
    return {
      region,
      maxAttempts: 8,
      ...(emulated && { endpoint: emulated.endpoint }),
      ...(credentials && { credentials }),
    };
  }

  public async reach(host: string): Promise<ClientConfig> {
    const { emulated, ca } = this.options;
    const ssl = { ca, servername: host, rejectUnauthorized: true };
    return emulated ? emulated.reach(host) : { host, port: 5432, ssl };
  }

  /** As the administrator, who sees the whole catalog too; the secret of the server says the login. */
  public async inspect<T>(host: string, database: string, use: (client: Client) => Promise<T>): Promise<T> {
    const texts = await new Aws(this, this.region).allSecrets();
    const login = texts.map(readLogin).find((one) => one?.host === host);
    if (!login) throw new Error(`No secret of this run holds the administrator's login of ${host}.`);
    return session(this, { host, user: login.username, password: login.password, database }, use);
  }

  public isOurs(
    name: string,
    tags: readonly { readonly Key?: string; readonly Value?: string }[] = [],
  ): boolean {
    return (
      name.toLowerCase().includes(this.prefix.toLowerCase()) ||
      tags.some(({ Key, Value }) => Key === TAG && Value?.startsWith(this.tag))
    );
  }

  /** What the functions and the databases have logged since the last time. */
  public async keepServerLogs(): Promise<void> {
    const { logs } = new Aws(this, this.region);
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {}))
      for (const { logGroupName = '' } of logGroups) {
        if (!this.isOurs(logGroupName)) continue;
        const startTime = this.kept.get(logGroupName) ?? 0;
        let nextToken: string | undefined;
        do {
          const page = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime, nextToken }));
          nextToken = page.nextToken;
          for (const { message = '', timestamp = 0 } of page.events ?? []) {
            appendFileSync(join(this.evidence, `${logGroupName.replaceAll('/', '_')}.log`), `${message}\n`);
            this.kept.set(logGroupName, Math.max(this.kept.get(logGroupName) ?? 0, timestamp + 1));
          }
        } while (nextToken);
      }
  }

  /** Nothing: the account stays, and `cleanUp` has emptied it. */
  public async stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** Short: names of RDS and IAM are limited to 63 and 64 characters. */
export function prefixOf(run: string, lane = ''): string {
  return `e2e-${run}-${lane && `${lane}-`}`;
}

function readLogin(text: string): { host: string; username: string; password: string } | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    const { host, username, password } = value ?? {};
    return [host, username, password].every((field) => typeof field === 'string')
      ? (value as { host: string; username: string; password: string })
      : undefined;
  } catch {
    return undefined;
  }
}
