import { DatafoldServer, type DataSource } from '../../../support/datafold/server';
import type { DataSourceProperties, RegistrationProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

export const API_KEY_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:datafold-api-key-AbCdEf';
export const CONNECTION = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:connection-AbCdEf';
export const LIST = 'GET /api/v1/data_sources';
export const CREATE = 'POST /api/v1/data_sources';

export const SOURCE: DataSourceProperties = {
  secretArn: CONNECTION,
  passwordSecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:password-AbCdEf',
  accessKeySecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:key-AbCdEf',
  type: 'postgres_aurora',
  name: 'shop/app',
  tempSchema: 'datafold_tmp',
  host: 'shop.cluster-abc.us-east-1.rds.amazonaws.com',
  port: '5432',
  user: 'datafold',
  databaseName: 'app',
  sslMode: 'require',
  region: 'us-east-1',
  logGroupName: '/aws/rds/cluster/shop/postgresql',
};

/** An AWS account with a data source secret, and a fake Datafold. */
export class Setting {
  static async start(): Promise<Setting> {
    const environment = await TestEnvironment.start();
    const datafold = await new DatafoldServer(environment.secret('dfk_5e0b1c9a7f3d2e')).start();
    return new Setting(environment, datafold);
  }

  readonly resource: StackResource<RegistrationProperties>;
  private readonly fetch = globalThis.fetch;
  private readonly open = new Set<() => void>();

  private constructor(
    readonly environment: TestEnvironment,
    readonly datafold: DatafoldServer,
  ) {
    this.resource = new StackResource(environment, 'Custom::DatafoldRegistration');
    environment.secrets.add(API_KEY_SECRET, datafold.apiKey);
    environment.secrets.add(CONNECTION, JSON.stringify(this.body()));
    globalThis.fetch = async (url, init) => this.fetchInStandstill(url, init);
    datafold.onSilence = () => this.open.forEach((release) => release());
  }

  async stop(): Promise<void> {
    globalThis.fetch = this.fetch;
    await this.datafold.stop();
    await this.environment.stop();
  }

  /** The value of the data source secret. */
  body(options: object = {}): Omit<DataSource, 'id'> {
    return {
      type: 'postgres_aurora',
      name: 'shop/app',
      temp_schema: 'datafold_tmp',
      options: {
        host: SOURCE.host,
        port: 5432,
        user: 'datafold',
        password: this.environment.secret('p4ssw0rd"of\\datafold'),
        dbname: 'app',
        sslmode: 'require',
        aws_access_key_id: 'AKIAEXAMPLE1',
        aws_secret_access_key: this.environment.secret('wJalrXUtnFEMI/K7MDENG'),
        aws_region: 'us-east-1',
        aws_cloudwatch_log_group: '/aws/rds/cluster/shop/postgresql',
        ...options,
      },
    };
  }

  properties(changes: Partial<RegistrationProperties> = {}, source: object = {}): RegistrationProperties {
    return {
      host: this.datafold.url,
      apiKeySecretArn: API_KEY_SECRET,
      onProblem: 'fail',
      source: { ...SOURCE, ...source },
      ...changes,
    };
  }

  /** Fetches while the virtual clock stands still: it must not advance before the response. */
  private async fetchInStandstill(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    const release = this.environment.clock.hold();
    this.open.add(release);
    try {
      const { status, headers, ...response } = await this.fetch(url, init).then(async (answer) => ({
        status: answer.status,
        headers: answer.headers,
        text: await answer.text(),
      }));
      return new Response(response.text, { status, headers });
    } finally {
      this.open.delete(release);
      release();
    }
  }
}
