import type { Client, ClientConfig } from 'pg';

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How the clients of the AWS SDK get there. */
export interface Endpoint {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: Key;
  readonly maxAttempts: number;
}

/** The AWS that scenarios run in: an emulator or an account; all that the suite reads or does beside the APIs of AWS. */
export interface Cloud {
  /** The folder for files of a scenario. */
  readonly dir: string;
  /** The folder with what is searched for secrets at the end. */
  readonly evidence: string;
  readonly region: string;
  /** All regions in which secrets may be made. */
  readonly regions: readonly string[];
  /** What the name of every stack begins with: nothing in an emulator, which holds nothing else. */
  readonly prefix: string;
  /** Environment variables for the CDK CLI, the AWS CLI and the apps. */
  readonly env: NodeJS.ProcessEnv;
  /** How long, in milliseconds, a program that waits for AWS may take. */
  readonly timeout: number;
  /** How often, in milliseconds, one looks for secrets during a deployment. */
  readonly watchEvery: number;

  /** For the clients of one region, with a key or as the suite itself. */
  client(region: string, key?: Key): Endpoint;
  /** How a client of PostgreSQL reaches the host name of a database, the certificate checked. */
  reach(host: string): Promise<ClientConfig>;
  /** A session that sees the whole catalog of a database. */
  inspect<T>(host: string, database: string, use: (client: Client) => Promise<T>): Promise<T>;
  /** Whether a line of the inventory, or something with these tags, can be of a scenario. */
  isOurs(name: string, tags?: readonly { readonly Key?: string; readonly Value?: string }[]): boolean;
  /** Keeps, as evidence, the logs that may soon be gone. */
  keepServerLogs(): Promise<void>;
  stop(): Promise<void>;
}
