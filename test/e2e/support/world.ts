import type { Client } from 'pg';
import { Aws } from './aws';
import { catalog } from './catalog';
import { Cdk } from './cdk';
import { session } from './database';
import { inventory } from './inventory';
import type { Cloud } from './cloud';
import { ACCOUNT, Lab, type LabOptions } from './lab';
import { secretsIn } from './secrets-in';
import { Skipped } from './skipped';
import { Stacks } from './stack-events';

/** The body of `POST /api/v1/data_sources`, as far as the suite uses it. */
export interface DataSource {
  readonly name: string;
  readonly type: string;
  readonly temp_schema: string;
  readonly options: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly dbname: string;
    readonly sslmode: string;
    readonly aws_access_key_id: string;
    readonly aws_secret_access_key: string;
    readonly aws_region: string;
    readonly aws_cloudwatch_log_group: string;
  };
}

/** One AWS with the server that the scenarios share, and the ways to look at both. */
export class World {
  public readonly aws: Aws;
  public readonly cdk: Cdk;
  /** The outputs of the stack `Server`, where there is one. */
  public server: Record<string, string> = {};
  /** Every secret that was in use at some time. */
  public readonly secrets = new Set<string>();

  /** Those made for a scenario that needs another emulator. */
  public readonly siblings: World[] = [];

  /** Starts an emulator with nothing in it. */
  public static async empty(options: LabOptions): Promise<World> {
    return new World(await Lab.start(options));
  }

  /** Starts an emulator that is bootstrapped in both regions. */
  public static async start(options: LabOptions): Promise<World> {
    const world = await World.empty(options);
    await Promise.all(world.cloud.regions.map((region) => world.cdk.bootstrap(ACCOUNT, region)));
    return world;
  }

  public constructor(public readonly cloud: Cloud) {
    this.aws = new Aws(cloud, cloud.region);
    const stacksOf = (region: string) => new Stacks(new Aws(cloud, region).cloudformation);
    this.cdk = new Cdk(cloud, stacksOf, () => this.rememberSecrets());
  }

  /** The emulator itself, for what no account of AWS lets anybody do. */
  public get lab(): Lab {
    if (!(this.cloud instanceof Lab)) throw new Skipped('it needs what only an emulator has');
    return this.cloud;
  }

  /** Another emulator beside this one; the scenario stops it. */
  public async sibling(name: string, options: Partial<LabOptions>): Promise<World> {
    const own = this.lab.options;
    const dir = `${own.dir}-${name}`;
    const world = await World.start({ ...own, dir, postgresPort: own.postgresPort + 100, ...options });
    this.siblings.push(world);
    return world;
  }

  /** A session of the administrator. */
  public async admin<T>(
    server: Record<string, string>,
    database: string,
    use: (client: Client) => Promise<T>,
  ) {
    const { username, password } = JSON.parse(await this.aws.secret(server.AdminSecret)) as Record<
      string,
      string
    >;
    return session(this.cloud, { host: server.Host, user: username, password, database }, use);
  }

  /** A session of Datafold's role, with nothing but what the connection secret says. */
  public async datafold<T>({ options }: DataSource, use: (client: Client) => Promise<T>): Promise<T> {
    const { host, user, password, dbname: database } = options;
    return session(this.cloud, { host, user, password, database }, use);
  }

  public async dataSource(secretArn: string, aws = this.aws): Promise<DataSource> {
    return JSON.parse(await aws.secret(secretArn)) as DataSource;
  }

  /** All that there is, in AWS and in a server: two of these are equal when nothing was left behind. */
  public async everything(server = this.server): Promise<string[]> {
    const inServer = server.Host ? await catalog(this.cloud, server.Host) : [];
    return [...(await inventory(this.aws)), ...inServer];
  }

  public async rememberSecrets(): Promise<void> {
    for (const region of this.cloud.regions) {
      const texts = await new Aws(this.cloud, region).allSecrets();
      texts.flatMap(secretsIn).forEach((secret) => this.secrets.add(secret));
    }
  }
}
