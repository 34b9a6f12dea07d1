import * as sdk from '@aws-sdk/client-rds';
import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { inspectFromHere } from '../../../lib/cli/inspection/from-here';
import type { DataApiTarget, Inspected, InspectionRequest } from '../../../lib/cli/inspection/sql-ports';
import { planCommand } from '../../../lib/cli/plan';
import type { LogFile, PlanPorts } from '../../../lib/cli/plan/ports';
import { AwsFailure } from '../../../lib/handler/provisioner/aws/failure';
import type { IamGroup, LogGroupState } from '../../../lib/handler/provisioner/aws/ports';
import { sdkRds } from '../../../lib/handler/provisioner/aws/rds';
import type { Login, ServerAddress } from '../../../lib/private/wire/sql';
import { FakeRds } from '../../support/fake-rds';
import type { Postgres } from '../../support/postgres';
import { run } from './run';

const ACCOUNT = '111122223333';
export const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:rds!shop-AbCdEf`;
const HOUR_MS = 3_600_000;

const NETWORK = {
  DBSubnetGroup: {
    VpcId: 'vpc-1',
    Subnets: [
      { SubnetIdentifier: 'subnet-a', SubnetAvailabilityZone: { Name: 'us-east-1a' } },
      { SubnetIdentifier: 'subnet-b', SubnetAvailabilityZone: { Name: 'us-east-1b' } },
    ],
  },
  AvailabilityZone: 'us-east-1a',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }],
};

/** An account with one server, which is ready to be deployed to; tests make it worse. Its RDS is the fake of the provisioner's tests. */
export class PlanEnvironment implements PlanPorts {
  readonly fake = new FakeRds({ now: () => 0 });
  readonly rds = sdkRds(() => this.fake);
  group: IamGroup | undefined;
  groupError?: AwsFailure;
  logGroup: LogGroupState | undefined;
  denied: string[] = [];
  /** Actions that a policy denies; those in `denied` are only not allowed on all resources. */
  forbidden: string[] = [];
  simulationError?: AwsFailure;
  roles: string[] = [`cdk-hnb659fds-deploy-role-${ACCOUNT}-us-east-1`];
  files: LogFile[] = [];
  isInternet = false;
  openedTo: string[] = [];
  /** Why the server cannot be reached from here. */
  hidden?: string;
  dataApi?: (target: DataApiTarget, request: InspectionRequest) => Promise<Inspected>;
  readonly simulated: string[] = [];

  constructor(private readonly postgres?: Postgres) {}

  /** A cluster with a writer and a reader in private subnets. */
  addCluster(group: string, more: Partial<DBCluster> = {}): void {
    const cluster = this.fake.addCluster('shop', group, ['1', '2']);
    cluster.port = this.postgres?.port ?? 5432;
    cluster.more = {
      EngineVersion: '16.4',
      Endpoint: this.postgres?.host,
      MasterUserSecret: { SecretArn: SECRET },
      ...NETWORK,
      DBSubnetGroup: 'private',
      ...more,
    };
    for (const member of cluster.members) member.more = { PubliclyAccessible: false, ...NETWORK };
  }

  addInstance(group: string, more: Partial<DBInstance> = {}): void {
    const instance = this.fake.addInstance('shop', group);
    instance.more = {
      EngineVersion: '16.4',
      PubliclyAccessible: false,
      Endpoint: { Address: this.postgres?.host ?? 'localhost', Port: this.postgres?.port ?? 5432 },
      ...NETWORK,
      ...more,
    };
  }

  /** Files of the last day, one an hour. */
  addLogFiles(bytes: number): void {
    this.files = Array.from({ length: 24 }, (_, i) => ({
      bytes,
      writtenAt: Date.now() - (i + 0.5) * HOUR_MS,
    }));
  }

  region = async () => 'us-east-1';
  clusters = async () => this.pages<DBCluster>('DescribeDBClusters', 'DBClusters');
  instances = async () => this.pages<DBInstance>('DescribeDBInstances', 'DBInstances');
  subnetGroup = async () => NETWORK.DBSubnetGroup;
  logs = { find: async () => this.logGroup, readTags: async () => ({}) };
  iamGroups = {
    findGroup: async () => {
      if (this.groupError) throw this.groupError;
      return this.group;
    },
    listAttachedGroupPolicies: async () => ['arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess'],
  };
  caller = async () => ({
    account: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/engineer/ada`,
    principalArn: `arn:aws:iam::${ACCOUNT}:role/path/engineer`,
  });
  roleExists = async (name: string) => this.roles.includes(name);
  async simulate(principal: string, actions: readonly string[], resource = '*') {
    if (this.simulationError) throw this.simulationError;
    this.simulated.push(`${principal} on ${resource}`);
    return actions.map((action) => ({
      action,
      isAllowed: ![...this.denied, ...this.forbidden].includes(action),
      isDenied: this.forbidden.includes(action),
    }));
  }
  logFiles = async (instance: string) => (instance.endsWith('2') ? [] : this.files);
  readSecret = async () =>
    JSON.stringify({ username: this.postgres?.admin.user, password: this.postgres?.admin.password });
  routeTablesOf = async () => [
    {
      isMain: true,
      subnetIds: [],
      routes: this.isInternet ? [{ destination: '0.0.0.0/0', leadsToInternet: true }] : [],
    },
  ];
  ingressOf = async () =>
    this.openedTo.length === 0
      ? []
      : [{ fromPort: 0, toPort: 65_535, ranges: this.openedTo, prefixListIds: [] }];
  async inspectFromHere(address: ServerAddress, login: Login, request: InspectionRequest) {
    if (this.hidden !== undefined) return { connected: false as const, reason: this.hidden };
    const { caCertificate } = this.postgres!; // in place of the authorities of RDS
    return inspectFromHere({ ...address, caCertificate }, login, request);
  }
  async inspectByDataApi(target: DataApiTarget, request: InspectionRequest) {
    if (!this.dataApi) throw new Error('There is no Data API');
    return this.dataApi(target, request);
  }

  private async pages<T>(command: 'DescribeDBClusters' | 'DescribeDBInstances', name: string): Promise<T[]> {
    const all: T[] = [];
    let Marker: string | undefined;
    do {
      const input = { Marker };
      const sent =
        command === 'DescribeDBClusters'
          ? new sdk.DescribeDBClustersCommand(input)
          : new sdk.DescribeDBInstancesCommand(input);
      const page = (await this.fake.send(sent)) as Record<string, unknown>;
      all.push(...(page[name] as T[]));
      Marker = page.Marker as string | undefined;
    } while (Marker);
    return all;
  }
}

/** An environment in which nothing prevents a deployment. */
export function readyEnvironment(postgres: Postgres): PlanEnvironment {
  const environment = new PlanEnvironment(postgres);
  environment.fake.addGroup('cluster', 'shop-pg', 'aurora-postgresql16', { log_statement: 'mod' });
  environment.addCluster('shop-pg');
  environment.fake.clusters.get('shop')!.exports = ['postgresql'];
  environment.logGroup = { retentionInDays: 30 };
  environment.group = { path: '/datafold/', userNames: ['other'], hasMore: false };
  return environment;
}

/** Runs `plan` in an account. */
export async function runPlan(environment: PlanEnvironment, ...args: string[]) {
  return run(['plan', ...args], [planCommand(async () => environment)]);
}

/** The findings about a topic, each as its status, message and next step. */
export async function findingsOf(
  environment: PlanEnvironment,
  topic: string,
  ...args: string[]
): Promise<string[]> {
  const { out } = await runPlan(environment, ...args, '--json');
  const { findings } = JSON.parse(out) as {
    findings: { topic: string; status: string; message: string; next?: string }[];
  };
  return findings
    .filter((one) => one.topic === topic)
    .map(({ status, message, next }) => `${status}: ${message}${next === undefined ? '' : ` Next: ${next}`}`);
}
