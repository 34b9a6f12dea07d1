import { doctorCommand } from '../../../lib/cli/doctor';
import type { DoctorPorts, StackFacts } from '../../../lib/cli/doctor/ports';
import type { EventQuery } from '../../../lib/cli/doctor/report/read-log';
import { verifyByFunction, verifyFromHere } from '../../../lib/cli/doctor/verify';
import type { LogEvent } from '../../../lib/cli/statement-log/entry';
import type {
  IngressRule,
  InstanceNetwork,
  RouteTable,
} from '../../../lib/handler/provisioner/aws/network-ports';
import type { EndpointConnection, Target } from '../../../lib/handler/provisioner/aws/private-link-ports';
import type { ServerEvent, ServerState } from '../../../lib/handler/provisioner/aws/rds-ports';
import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import type { VerifyRequest } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { succeed, type withServer } from '../../support/with-server';
import { run } from './run';

type Server = ReturnType<typeof withServer>;
type PostgresServer = Server['postgres'];

export const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:Connection-AbCdEf';
export const GROUP = '/aws/rds/cluster/shop/postgresql';
export const API_KEY_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:ApiKey-AbCdEf';
export const RUNNER = 'Shop-DatafoldSqlRunner';

export const STACK: StackFacts = {
  name: 'Shop',
  status: 'UPDATE_COMPLETE',
  parameters: {},
  resources: [
    { logicalId: 'Runner', physicalId: RUNNER, type: 'AWS::Lambda::Function' },
    { logicalId: 'Secret', physicalId: SECRET, type: 'AWS::SecretsManager::Secret' },
    { logicalId: 'Access', physicalId: 'datafold-access/x', type: 'Custom::DatafoldDatabaseAccess' },
    { logicalId: 'Source', physicalId: 'datafold-data-source/x', type: 'Custom::DatafoldDataSource' },
  ],
  template: {
    Resources: {
      Access: {
        Metadata: { 'cdk-datafold-postgres:network': 'existing' },
        Properties: {
          sqlRunner: { Ref: 'Runner' },
          passwordSecretArn: { Ref: 'Password' },
          server: { host: { 'Fn::GetAtt': ['Cluster', 'Endpoint.Address'] }, tls: 'verify-full' },
          databases: [{ databaseName: 'app', schemas: ['public'] }],
        },
      },
      Source: { Properties: { secretArn: { Ref: 'Secret' }, passwordSecretArn: { Ref: 'Password' } } },
    },
  },
};

/** A data source as its secret holds it. */
const formFor = ({ host, port, caCertificate }: PostgresServer) => ({
  type: 'postgres_aurora',
  name: 'shop/app',
  temp_schema: 'datafold_tmp',
  options: {
    host,
    port,
    user: 'datafold',
    password: PASSWORD,
    dbname: 'app',
    sslmode: 'verify-full',
    rootcert: caCertificate,
    aws_access_key_id: 'AKIAEXAMPLE',
    aws_secret_access_key: 'key-secret',
    aws_region: 'us-east-1',
    aws_cloudwatch_log_group: GROUP,
  },
});

/** A world in which all is well, and what a test has made worse. */
export class DoctorEnvironment implements DoctorPorts {
  stack: StackFacts | undefined = STACK;
  form: Record<string, unknown>;
  server: Partial<ServerState> | undefined = {
    groupName: 'shop-group',
    exports: ['postgresql'],
    exportsPending: false,
    members: [{ identifier: 'shop-1', isWriter: true, groupStatus: 'in-sync' }],
  };
  parameter: string | undefined = 'mod';
  logGroup: { retentionInDays?: number; logGroupClass?: string } | undefined = { retentionInDays: 30 };
  keyError?: Error;
  hidden?: string;
  connections: readonly EndpointConnection[] = [];
  targets: readonly Target[] = [];
  network?: InstanceNetwork;
  routeTables: readonly RouteTable[] = [];
  ingress: readonly IngressRule[] = [];
  readonly invoked: string[] = [];

  constructor(private readonly postgres: PostgresServer) {
    this.form = formFor(postgres);
  }

  findStack = async () => this.stack;
  stackOfSecret = async () => 'Shop';
  readSecret = async (secret: string) =>
    secret === API_KEY_SECRET ? this.apiKey : JSON.stringify(this.form);
  findParameter = async () => undefined;
  findServer = async () => this.server as ServerState | undefined;
  readParameter = async () => ({ value: this.parameter });
  connectionsOf = async () => this.connections;
  targetsOf = async () => this.targets;
  networkOf = async () => this.network;
  routeTablesOf = async () => this.routeTables;
  ingressOf = async () => this.ingress;
  findLogGroup = async () => this.logGroup;
  /** The events of the log group. */
  events: readonly LogEvent[] = [];
  rdsEvents: readonly ServerEvent[] = [];
  apiKey = 'the-api-key';
  eventsOf = async () => this.rdsEvents;
  /** Pages of 100 events. */
  readEvents = async ({ from, to, nextToken = '0' }: EventQuery) => {
    const [all, start] = [this.events.filter(({ at }) => at >= from && at < to), Number(nextToken)];
    const rest = start + 100 < all.length;
    return { events: all.slice(start, start + 100), nextToken: rest ? String(start + 100) : undefined };
  };
  async readLog() {
    if (this.keyError) throw this.keyError;
  }
  /** The Data API of the cluster, if it is on. */
  dataApi?: DoctorPorts['inspectByDataApi'];
  dataApiOf = async () => this.dataApi && 'arn:aws:rds:us-east-1:111122223333:cluster:shop';
  async inspectByDataApi(...[target, request]: Parameters<DoctorPorts['inspectByDataApi']>) {
    return this.dataApi!(target, request);
  }
  async verifyFromHere(request: Parameters<DoctorPorts['verifyFromHere']>[0]) {
    return this.hidden === undefined
      ? verifyFromHere(request)
      : { connected: false as const, reason: this.hidden };
  }
  async verifyByFunction(name: string, request: Parameters<DoctorPorts['verifyByFunction']>[1]) {
    const invoke = async (of: string, payload: string) => {
      this.invoked.push(of);
      const request = JSON.parse(payload) as VerifyRequest;
      const { caCertificate } = this.postgres; // in place of the authorities that the function trusts anyway
      const server = { caCertificate, ...request.server };
      return { payload: JSON.stringify(await handler({ ...request, server })) };
    };
    return verifyByFunction({ invoke, send: async () => undefined }, name, request);
  }
}

/** A database whose role passes every check. */
export async function prepare(server: Server): Promise<void> {
  await server.freshDatabase('app');
  await server.sql(
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE TABLE notes (id int); CREATE TABLE orders (id int)',
    'app',
  );
  await server.sql('ALTER TABLE notes OWNER TO master; ALTER TABLE orders OWNER TO master', 'app');
  await succeed(requestsTo(server.postgres).apply());
}

/** The exit status and the lines of `doctor`. */
export async function runDoctor(environment: DoctorEnvironment, ...args: string[]) {
  const { status, out, error } = await run(['doctor', ...args], [doctorCommand(async () => environment)]);
  return { status, lines: out.trimEnd().split('\n'), ...(error !== '' && { error }) };
}
