import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  DetachGroupPolicyCommand,
  GetGroupCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import assert from 'node:assert/strict';
import { Aws } from '../support/aws';
import { Beside } from '../support/beside';
import { catalog } from '../support/catalog';
import { previousRelease } from '../support/previous-release';
import { readable } from '../support/readable';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import type { DataSource, World } from '../support/world';

const PUBLIC = { databases: [{ databaseName: 'app', schemas: ['public'] }] };
const MORE = {
  databases: [{ databaseName: 'app', schemas: ['public', 'sales'] }, { databaseName: 'warehouse' }],
};

const databasesAndSchemas: Scenario = {
  number: '3.1',
  title: 'a schema and a database are added and taken away',
  account: 'shared server',
  async run(world) {
    const beside = new Beside(world);
    const [first] = await beside.deploy({ props: PUBLIC });
    const before = await catalog(world.cloud, world.server.Host);
    assert.deepEqual(await readable(world, first, ['public.customers', 'sales.orders']), [
      'public.customers',
    ]);

    const [app, warehouse] = await beside.deploy({ props: MORE });
    assert.deepEqual(await readable(world, app, ['public.customers', 'sales.orders', 'archive.old_orders']), [
      'public.customers',
      'sales.orders',
    ]);
    assert.deepEqual(await readable(world, warehouse, ['facts.daily']), ['facts.daily']);
    assert.equal(app.options.password, first.options.password, 'the password is kept');

    await beside.deploy({ props: PUBLIC });
    assert.deepEqual(
      await catalog(world.cloud, world.server.Host),
      before,
      'what was added is taken away again',
    );
    await beside.destroy();
  },
};

const renamedRole: Scenario = {
  number: '3.2',
  title: 'the role is renamed',
  async run(world) {
    const beside = new Beside(world);
    const [first] = await beside.deploy();
    const [second] = await beside.deploy({ props: { roleName: 'Datafold "reader"' } });
    assert.equal(second.options.user, 'Datafold "reader"');
    assert.deepEqual(await readable(world, second, ['public.customers', 'sales.orders']), [
      'public.customers',
      'sales.orders',
    ]);
    await assert.rejects(
      world.datafold(first, async () => undefined),
      { code: '28P01' },
    );
    const roles = (await catalog(world.cloud, world.server.Host)).filter((line) =>
      /^role .*datafold/i.test(line),
    );
    assert.equal(roles.length, 1, 'the old role is gone');
    await beside.destroy();
  },
};

const logsOfOthers: Scenario = {
  number: '3.3',
  title:
    'the key reads the log of its server alone, whatever its group allows; an update narrows it, and the key stays',
  provokes: [
    /^IAM .* not authorized to perform: logs:\w+ on resource: .*:log-group:\/aws\/somebody\/else /,
    /^IAM .* not authorized to perform: iam:ListUsers on resource: /,
    /^IAM .* not authorized to perform: logs:FilterLogEvents on resource: .*:log-group:\/aws\/rds\/cluster\//,
  ],
  async run(world) {
    const beside = new Beside(world);
    const GroupName = 'CloudWatchLogsReadOnly';
    const admin = { GroupName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' };
    const other = { logGroupName: '/aws/somebody/else' };
    await world.aws.logs.send(new CreateLogGroupCommand(other));
    await world.aws.iam.send(new CreateGroupCommand({ GroupName }));
    await world.aws.iam.send(new AttachGroupPolicyCommand(admin));

    const [wide] = await beside.deploy({ logsUser: { reads: 'all' } });
    assert.equal(
      await refusal(asReader(world, wide).logs.send(new FilterLogEventsCommand(other))),
      undefined,
    );

    const [narrow] = await beside.deploy({ logsUser: {} });
    assert.equal(narrow.options.aws_access_key_id, wide.options.aws_access_key_id);
    const { logs, iam } = asReader(world, narrow);
    const query = { ...other, startTime: 0, endTime: 1, queryString: 'fields @message' };
    for (const read of [
      async () => logs.send(new FilterLogEventsCommand(other)),
      async () => logs.send(new GetLogEventsCommand({ ...other, logStreamName: 'any' })),
      async () => logs.send(new DescribeLogStreamsCommand(other)),
      async () => logs.send(new StartQueryCommand(query)),
    ])
      assert.equal(await refusal(read()), 'AccessDeniedException');
    assert.equal(await refusal(iam.send(new ListUsersCommand({}))), 'AccessDenied');
    assert.equal(await refusal(logs.send(new DescribeLogGroupsCommand({}))), undefined);
    const own = { logGroupName: narrow.options.aws_cloudwatch_log_group };
    assert.notEqual(await refusal(logs.send(new FilterLogEventsCommand(own))), 'AccessDeniedException');

    const [limited] = await beside.deploy({ logsUser: { sourceIps: ['23.23.71.47/32'] } });
    const elsewhere = asReader(world, limited).logs;
    assert.equal(await refusal(elsewhere.send(new FilterLogEventsCommand(own))), 'AccessDeniedException');
    elsewhere.middlewareStack.add(
      (next) => async (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-localaws-source-ip'] = '23.23.71.47';
        return next(args);
      },
      { step: 'build' },
    );
    assert.notEqual(await refusal(elsewhere.send(new FilterLogEventsCommand(own))), 'AccessDeniedException');

    await beside.destroy();
    const { Group, Users = [] } = await world.aws.iam.send(new GetGroupCommand({ GroupName }));
    assert.deepEqual([Group?.Path, Users], ['/', []], 'a group made by hand stays as it is');
    await world.aws.iam.send(new DetachGroupPolicyCommand(admin));
    await world.aws.iam.send(new DeleteGroupCommand({ GroupName }));
    await world.aws.logs.send(new DeleteLogGroupCommand(other));
  },
};

const functionNetwork: Scenario = {
  number: '3.4',
  title: 'the function moves to other subnets',
  async run(world) {
    const beside = new Beside(world);
    const [source] = await beside.deploy();
    const before = await catalog(world.cloud, world.server.Host);
    await beside.deploy({ subnets: 'one' });
    assertSame(await catalog(world.cloud, world.server.Host), before, 'the server is as it was');
    const { Functions = [] } = await world.aws.lambda.send(new ListFunctionsCommand({}));
    const subnets = Functions.map((f) => f.VpcConfig?.SubnetIds?.length ?? 0).sort();
    assert.deepEqual(subnets, [0, 1], 'the provisioner outside, one sql-runner in one subnet');
    assert.deepEqual(await readable(world, source, ['sales.orders']), ['sales.orders']);
    await beside.destroy();
  },
};

const upgrade: Scenario = {
  number: '3.5',
  title: 'the library is upgraded from the previous release, installed from its tarball',
  async run(world) {
    const beside = new Beside(world);
    const [old] = await beside.deploy({ library: await previousRelease() });
    const before = await catalog(world.cloud, world.server.Host);
    const [upgraded] = await beside.deploy();
    assertSame(
      await catalog(world.cloud, world.server.Host),
      before,
      'the upgrade changes nothing in the server',
    );
    assert.deepEqual(upgraded, old, 'host, login, key and certificates stay');
    assert.deepEqual(await readable(world, upgraded, ['sales.orders']), ['sales.orders']);
    await beside.destroy();
  },
};

const readersSecret: Scenario = {
  number: '3.6',
  title: "the logs user's secret gets a name, then another one; its key is taken along",
  async run(world) {
    const operation = { app: 'logs-user', stacks: ['LogsUser'] };
    const keyAfter = async (context: Record<string, string>) => {
      const { outputs } = await world.cdk.deploy({ ...operation, context });
      const { accessKeyId } = JSON.parse(await world.aws.secret(outputs.Secret)) as { accessKeyId: string };
      const { AccessKeyMetadata = [] } = await world.aws.iam.send(
        new ListAccessKeysCommand({ UserName: outputs.UserName }),
      );
      assert.deepEqual(
        AccessKeyMetadata.map((key) => key.AccessKeyId),
        [accessKeyId],
      );
      return accessKeyId;
    };
    const key = await keyAfter({});
    for (const secretName of ['datafold/key', 'datafold/other-key', 'datafold/key'])
      assert.equal(await keyAfter({ secretName }), key);
    await world.cdk.destroy(operation);
  },
};

export const updates: readonly Scenario[] = [
  databasesAndSchemas,
  renamedRole,
  logsOfOthers,
  functionNetwork,
  upgrade,
  readersSecret,
];

/** AWS with the key that Datafold gets. */
function asReader(world: World, { options }: DataSource): Aws {
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = options;
  return new Aws(world.lab, options.aws_region, { accessKeyId, secretAccessKey });
}

/** The name of the error; undefined without one. */
async function refusal(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => undefined,
    (error: unknown) => (error as Error).name,
  );
}
