import { type ServerKind, type ServerName, nameOf } from '../../handler/provisioner/aws/rds-ports';
import { inspect } from '../../handler/provisioner/statement-logging/observe';
import { logsEnough } from '../../handler/provisioner/statement-logging/parameter-group';
import { EXPORT } from '../../handler/provisioner/statement-logging/plan';
import {
  parseStatementLogging,
  type StatementLoggingRequest,
} from '../../handler/provisioner/statement-logging/properties';
import { discover } from '../init/discover';
import { withNetwork } from '../init/complete';
import type { FoundServer } from '../init/server';
import type { InspectionSpec } from '../inspection/parts';
import type { InspectionRequest } from '../inspection/sql-ports';
import { attempt, planIamGroup, planNetwork } from './account';
import { planDatabase } from './databases';
import { type Finding, Findings } from './finding';
import type { LogFile, PlanPorts } from './ports';
import { planRights } from './rights';
import { inspectDatabases, type SqlSource, type InspectionMethod } from './inspect-databases';
import { planStatementLog } from './statement-log';
import { reportSupport } from './support';
import { reportVolume, type VolumeReport } from './volume/report';

/** What `plan --json` prints. */
export interface PlanReport {
  /** False if a finding prevents the deployment. */
  readonly ready: boolean;
  readonly server: {
    readonly kind: ServerKind;
    readonly identifier: string;
    readonly engine: string;
    readonly region: string;
    readonly account: string;
  };
  readonly sql: { readonly method: InspectionMethod; readonly databases: readonly string[] };
  readonly findings: readonly Finding[];
  readonly volume?: VolumeReport;
}

/** A key that no owner has: a plan is made for a new one. */
const NEW_OWNER = 'plan';

/** What a plan is made for. */
export interface PlanRequest extends InspectionSpec {
  readonly server: ServerName;
  readonly databases?: readonly string[];
  readonly sharedParameterGroup: StatementLoggingRequest['sharedParameterGroup'];
  readonly logBindValues: boolean;
  readonly pricePerGb: number;
  readonly sql: Omit<SqlSource, 'address' | 'dataApi' | 'knownSecret'>;
  readonly caCertificate?: string;
}

/** Returns what a deployment would do, and what prevents it. Changes nothing. */
export async function makePlan(
  ports: PlanPorts,
  request: PlanRequest,
  progress: (what: string) => void,
): Promise<PlanReport> {
  const { server: name } = request;
  progress(`reading ${nameOf(name)}`);
  const { found, clusterArn } = await findServer(ports, name);
  const findings = new Findings(name.identifier);
  reportSupport(findings, found);
  const state = await ports.rds.find(name);
  if (!state) throw new Error(`RDS has no ${nameOf(name)} in this account and region.`);
  const desired = loggingRequest(request);
  const reading = { aws: ports, call: async <T>(_: string, work: () => Promise<T>) => work() };
  progress('reading parameter groups and the log group');
  const inspection = await inspect(reading, state, desired, NEW_OWNER);
  const { observed } = inspection;
  planStatementLog(findings, inspection, desired);
  progress('reading IAM');
  await planIamGroup(findings, ports);
  progress('reading the network');
  await planNetwork(findings, ports, name, found.isPublic);
  progress('simulating permissions');
  await planRights(findings, ports, found.region);

  progress('inspecting databases');
  const place = { host: state.host, port: state.port, clusterArn, secret: found.adminSecret?.arn };
  const { method, databases } = await inspectDatabases(
    findings,
    ports,
    sourceOf(request, place),
    inspectionOf(request),
  );
  const names = databases.map(({ databaseName }) => databaseName);
  const inDatabases = databases.flatMap((one) => planDatabase(one.databaseName, one, request, names).all);

  progress('reading log files');
  const files = await readLogFiles(
    findings,
    ports,
    state.members.map(({ identifier }) => identifier),
  );
  const volume = reportVolume({
    databases,
    files,
    isLogged: logsEnough(observed.group.settings.log_statement?.value),
    isExported: state.exports.includes(EXPORT),
    bindValues: request.logBindValues,
    pricePerGb: request.pricePerGb,
    now: Date.now(),
  });
  const all = [...findings.all, ...inDatabases];
  return {
    ready: all.every(({ status }) => status !== 'prevents'),
    server: { ...name, engine: found.engine, region: found.region, account: found.account },
    sql: { method, databases: names },
    findings: all,
    volume,
  };
}

/** Returns where SQL can be had for the server. */
function sourceOf(
  { sql, caCertificate }: PlanRequest,
  {
    host,
    port = 5432,
    clusterArn,
    secret,
  }: {
    readonly host?: string;
    readonly port?: number;
    readonly clusterArn?: string;
    readonly secret?: string;
  },
): SqlSource {
  const address =
    host === undefined
      ? undefined
      : { host, port, tls: 'verify-full' as const, ...(caCertificate && { caCertificate }) };
  return { ...sql, address, dataApi: clusterArn, knownSecret: secret };
}

function inspectionOf({
  databases,
  roleName,
  tempSchema,
  schemas,
  excludeSchemas,
}: PlanRequest): InspectionRequest {
  return { roleName, tempSchema, schemas, excludeSchemas, databases, maintenanceDatabase: 'postgres' };
}

/** Returns the server as RDS describes it, and the ARN of a cluster whose Data API is on. */
async function findServer(
  ports: PlanPorts,
  { kind, identifier }: ServerName,
): Promise<{ found: FoundServer; clusterArn?: string }> {
  const [clusters, instances] = [await ports.clusters(), await ports.instances()];
  const found = discover(clusters, instances).find(
    (one) => one.kind === kind && one.identifier === identifier,
  );
  if (!found) {
    const member = instances.find(
      (one) => one.DBInstanceIdentifier === identifier && one.DBClusterIdentifier,
    );
    throw new Error(
      member
        ? `${identifier} is an instance of the cluster ${member.DBClusterIdentifier}, which has the parameter group and the log: use --cluster ${member.DBClusterIdentifier}.`
        : `There is no PostgreSQL ${kind} ${identifier} in ${await ports.region()}. npx cdk-datafold-postgres init lists the servers of a region.`,
    );
  }
  const cluster =
    kind === 'cluster' ? clusters.find((one) => one.DBClusterIdentifier === identifier) : undefined;
  return {
    found: await withNetwork(found, ports.subnetGroup),
    ...(cluster?.HttpEndpointEnabled && { clusterArn: cluster.DBClusterArn }),
  };
}

/** The request of a construct with the default settings, but for those that the plan asks for. */
function loggingRequest({
  server,
  sharedParameterGroup,
  logBindValues,
}: PlanRequest): StatementLoggingRequest {
  const { kind, identifier } = server;
  const settings = { sharedParameterGroup, logBindValues: String(logBindValues) };
  return parseStatementLogging({ kind, identifier, newGroupName: 'datafold', ...settings });
}

async function readLogFiles(
  findings: Findings,
  ports: PlanPorts,
  instances: readonly string[],
): Promise<readonly LogFile[] | undefined> {
  let files: LogFile[] | undefined;
  await attempt(findings, 'volume', 'rds:DescribeDBLogFiles', async () => {
    const found: LogFile[] = [];
    for (const instance of instances) found.push(...(await ports.logFiles(instance)));
    files = found;
  });
  return files;
}
