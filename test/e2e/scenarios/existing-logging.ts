import { App, aws_rds as rds, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import assert from 'node:assert/strict';
import { PostgresServer, RebootPolicy, type SharedParameterGroup, StatementLogging } from '../../../lib';
import { STACK_ID } from '../../handler/provisioner/support/stack';
import {
  KINDS,
  FAMILY,
  ROWS,
  properties,
  type Kind,
  type Properties,
  type Row,
} from '../../handler/provisioner/statement-logging/decision-table';
import type { Answer } from '../../../lib/handler/provisioner/runtime/response';
import type { Aws } from '../support/aws';
import { rows } from '../support/database';
import { becomes, eventually } from '../support/eventually';
import { dropGroup, ExistingServer, makeGroup } from '../support/existing-server';
import { inventory } from '../support/inventory';
import { ACCOUNT, REGION } from '../support/lab';
import { ProvisionerProcess } from '../support/provisioner';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { removeLog } from '../support/server-log';
import type { World } from '../support/world';

/** What there is of one kind: a shop, and another server. */
interface Shops {
  readonly kind: Kind;
  readonly aws: Aws;
  readonly shop: ExistingServer;
  readonly other: ExistingServer;
  readonly provisioner: ProvisionerProcess;
}

const decisionTable: Scenario = {
  number: '9.1',
  title: 'statement logging of servers by hand: the decision table, with the rights of the construct',
  emulator: { network: false, modifySeconds: 0.5 },
  run: async (world) => void (await Promise.all(KINDS.map(async (kind) => runTable(world, kind)))),
};

async function runTable(world: World, kind: Kind): Promise<void> {
  const { aws, lab } = world;
  const provisioner = await ProvisionerProcess.start(world, `provisioner-${kind}`);
  // The emulator takes only groups that were made when it comes to instances.
  if (kind === 'instance') await makeGroup(aws, kind, `default.${FAMILY.instance}`, {});
  const shop = await new ExistingServer(world, kind, 'shop').create();
  const other = await new ExistingServer(world, kind, 'other').create();
  const shops = { kind, aws, shop, other, provisioner };
  try {
    for (const row of ROWS)
      await runRow(shops, row).catch((error: Error) => {
        throw new Error(`${row.name}, ${kind}: ${error.message}`, { cause: error });
      });
    await refused(shops);
    await lab.keepServerLogs();
    await Promise.all([shop, other].map(async (server) => server.drop()));
  } finally {
    await provisioner.stop();
  }
}

/** Created, updated, deleted, deleted again: with the server's real settings looked at. */
async function runRow({ kind, aws, shop, other, provisioner }: Shops, row: Row): Promise<void> {
  await arrange({ kind, aws, shop, other }, row);
  const before = await everything({ aws, kind, shop });
  const { wanted, rights } = synthesized(kind, row);
  await provisioner.mayDo(rights);
  const event = eventFor(wanted);

  const created = mustSucceed(await provisioner.handle({ ...event, RequestType: 'Create' }));
  const { group } = await shop.describe();
  assert.equal(group === groupBefore(kind, row) ? 'same' : 'ours', row.group);
  assert.equal(created.Data?.PendingReboot !== '', row.pending ?? false, JSON.stringify(created.Data));
  await becomes(
    async () => shop.show('log_statement'),
    row.pending ? (row.value ?? 'none') : row.logStatement,
  );

  const PhysicalResourceId = created.PhysicalResourceId;
  if (row.group === 'ours') {
    const ResourceProperties = { ...wanted, logBindValues: 'false' };
    const update = { RequestType: 'Update', ResourceProperties, OldResourceProperties: wanted };
    mustSucceed(await provisioner.handle({ ...event, ...update, PhysicalResourceId }));
    if (!row.pending) await becomes(async () => shop.show('log_parameter_max_length'), '0');
  }
  for (const _ of ['once', 'twice'])
    mustSucceed(await provisioner.handle({ ...event, RequestType: 'Delete', PhysicalResourceId }));
  assertSame(await everything({ aws, kind, shop }), before, 'the server is not as it was');
  await becomes(async () => shop.show('log_statement'), row.value ?? 'none');
  await clear({ kind, aws, shop, other }, row);
}

/** A group that others use is refused with their names, and nothing is changed. */
async function refused({ kind, aws, shop, other, provisioner }: Shops): Promise<void> {
  const row: Row = { name: 'refused', before: 'shared', group: 'same', logStatement: 'none' };
  await arrange({ kind, aws, shop, other }, row);
  const before = await everything({ aws, kind, shop });
  const { wanted, rights } = synthesized(kind, row);
  await provisioner.mayDo(rights);
  const event = eventFor(wanted);
  const answer = await provisioner.handle({ ...event, RequestType: 'Create' });
  assert.match(String(answer.Reason), /is used by other too\. Their statements would be logged as well/);
  const { PhysicalResourceId } = answer;
  mustSucceed(await provisioner.handle({ ...event, RequestType: 'Delete', PhysicalResourceId }));
  assertSame(await everything({ aws, kind, shop }), before, 'something was changed');
  await clear({ kind, aws, shop, other }, row);
}

type Place = Pick<Shops, 'kind' | 'aws' | 'shop' | 'other'>;

/** The group is in effect. Of the other server only the association counts. */
async function arrange({ kind, aws, shop, other }: Place, { before, value }: Row): Promise<void> {
  if (before === 'default') return shop.use(`default.${FAMILY[kind]}`);
  await makeGroup(aws, kind, 'custom', { work_mem: '4096', ...(value && { log_statement: value }) });
  if (before === 'shared') await other.associate('custom');
  await shop.use('custom');
}

/** The group goes. What it has put in effect stays until the next row is arranged. */
async function clear({ kind, aws, shop, other }: Place, { before }: Row): Promise<void> {
  if (before === 'default') return;
  await shop.associate(`default.${FAMILY[kind]}`);
  if (before === 'shared') await other.associate(`default.${FAMILY[kind]}`);
  await dropGroup(aws, kind, 'custom');
}

/** The servers and groups of the kind; the log group, which RDS makes, keeps what it holds. */
async function everything({ aws, kind, shop }: Pick<Shops, 'aws' | 'kind' | 'shop'>): Promise<string[]> {
  const ours = kind === 'cluster' ? /^cluster / : /^instance (group|shop|other) /;
  // A group of the other kind may go while all are looked at.
  const all = await eventually(async () => inventory(aws).catch(() => undefined));
  const lines = all.filter((line) => ours.test(line));
  return [...lines, ...(await shop.describe()).tags];
}

const groupBefore = (kind: Kind, { before }: Row) =>
  before === 'default' ? `default.${FAMILY[kind]}` : 'custom';

/** What the construct puts into a template: the properties, and the rights of the provisioner. */
function synthesized(kind: Kind, { props = {} }: Row): { wanted: Properties; rights: object[] } {
  const stack = new Stack(new App(), 'Logging', { env: { account: ACCOUNT, region: REGION } });
  const server =
    kind === 'cluster'
      ? PostgresServer.auroraCluster(
          rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Server', { clusterIdentifier: 'shop' }),
        )
      : PostgresServer.rdsInstance(
          rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Server', {
            instanceIdentifier: 'shop',
            instanceEndpointAddress: 'shop.local',
            port: 5432,
            securityGroups: [],
          }),
        );
  const rebootPolicy = props.rebootPolicy === 'if-pending' ? RebootPolicy.IF_PENDING : undefined;
  // The value of the enum is what is on the wire.
  const sharedParameterGroup = props.sharedParameterGroup as SharedParameterGroup | undefined;
  new StatementLogging(stack, 'Log', { server, rebootPolicy, sharedParameterGroup });
  const template = Template.fromStack(stack);
  const [resource] = Object.values(template.findResources('Custom::DatafoldStatementLogging'));
  const { newGroupName } = resource!.Properties as Properties;
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    Object.values(template.findResources(type)),
  );
  const statements = policies.flatMap(
    (policy) =>
      (policy.Properties as { PolicyDocument: { Statement: { Action: string | string[] }[] } }).PolicyDocument
        .Statement,
  );
  // Without the function's own log, which it does not write here.
  const rights = statements.filter(
    (one) => /^(rds|logs):/.test([one.Action].flat()[0]!) && !JSON.stringify(one).includes('Fn::GetAtt'),
  );
  return { wanted: properties(kind, { newGroupName, ...props }), rights: rights.map(resolved) };
}

/** The same with the partition filled in. */
function resolved(statement: object): object {
  const text = JSON.stringify(statement, (_, value: unknown) => {
    const join = (value as { 'Fn::Join'?: [string, (string | object)[]] } | null)?.['Fn::Join'];
    return join ? join[1].map((part) => (typeof part === 'string' ? part : 'aws')).join(join[0]) : value;
  });
  return JSON.parse(text) as object;
}

function eventFor(ResourceProperties: Properties) {
  const ResourceType = 'Custom::DatafoldStatementLogging';
  return { StackId: STACK_ID, LogicalResourceId: 'Logging', ResourceType, ResourceProperties };
}

function mustSucceed(answer: Answer): Answer {
  assert.equal(answer.Status, 'SUCCESS', answer.Reason);
  return answer;
}

const deployed: Scenario = {
  number: '9.2',
  title: 'statement logging of the cluster of another stack: deployed, updated, destroyed',
  account: 'shared server',
  async run(world) {
    const show = async (parameter: string) =>
      world.admin(
        world.server,
        'app',
        async (client) => (await rows(client, `SHOW ${parameter}`))[0]?.[parameter],
      );
    const operation = (context: Record<string, string>) => ({
      app: 'existing-logging',
      stacks: ['Logging'],
      context: { cluster: world.server.ClusterIdentifier!, ...context },
    });
    const waiting = await world.cdk.deploy(operation({}));
    assert.match(waiting.outputs.pendingReboot!, /\w/);
    assert.match(waiting.outputs.notices!, /is in effect on .* only after a reboot/);
    assert.equal(await show('log_statement'), 'none');
    const rebooted = await world.cdk.deploy(operation({ reboot: 'yes', bindValues: 'no' }));
    assert.equal(rebooted.outputs.pendingReboot ?? '', '');
    assert.deepEqual([await show('log_statement'), await show('log_parameter_max_length')], ['mod', '0']);
    await world.cdk.destroy(operation({}));
    await becomes(async () => show('log_statement'), 'none');
    await removeLog(world, `/aws/rds/cluster/${world.server.ClusterIdentifier}/postgresql`);
  },
};

export const existingLogging: readonly Scenario[] = [decisionTable, deployed];
