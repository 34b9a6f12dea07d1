import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Variant } from '../apps/parts/variant';
import { Beside } from '../support/beside';
import { superuser } from '../support/database';
import { eventually } from '../support/eventually';
import { assertRefused } from '../support/refused';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { shell } from '../support/shell';
import { failures, Stacks } from '../support/stack-events';
import type { World } from '../support/world';

/** Makes the schema for temporary tables take its time, so that a run can be caught in the middle. */
const SLOW = `
  CREATE FUNCTION public.e2e_slow() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); END';
  CREATE EVENT TRIGGER e2e_slow ON ddl_command_end WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION public.e2e_slow()`;

export const stoppedServer: Scenario = {
  number: '4.6',
  title: 'the server is stopped in mid-run',
  async run(world) {
    const before = await world.everything();
    const port = await world.lab.portOf(world.server.Host);
    const asRds = async (sql: string) => superuser(world.lab, port, 'app', async (c) => c.query(sql));
    await asRds(SLOW);
    const beside = new Beside(world);
    const interrupt = async () => {
      await eventually(async () => {
        const { rowCount } = await asRds("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        return rowCount || undefined;
      }, 60);
      const server = await stop(world, port);
      await eventually(async () => ((await reasons(world, 'Beside')).length > 0 ? true : undefined), 120);
      await server.start(); // the rollback waits for it
    };
    const [result] = await Promise.all([beside.tryDeploy({ hurry: true }), interrupt()]);
    assertRefused(result, /ECONNREFUSED/);
    await asRds('DROP EVENT TRIGGER e2e_slow; DROP FUNCTION public.e2e_slow');
    await beside.tryDestroy();
    assertSame(await world.everything(), before, 'the interrupted run leaves something');
    const [source] = await beside.deploy();
    await world.datafold(source, async (client) => client.query('SELECT * FROM public.customers'));
    await beside.destroy();
  },
};

export const stoppedThroughout: Scenario = {
  number: '4.11',
  title:
    'the server is stopped, or the network to it closed, in an update and in its rollback: the next good update repairs',
  run: async (world) => outOfReachThroughout(world, { hurry: true }, [stoppedPostgres, closedNetwork]),
};

export const stoppedAndDenied: Scenario = {
  number: '4.12',
  title:
    'the server is stopped in both where the provisioner may not describe its stack: the events of the stack say that it goes back',
  provokes: [
    /^IAM .*assumed-role\/\S*DatafoldProvisioner\S* is not authorized to perform: cloudformation:DescribeStacks /,
  ],
  run: async (world) =>
    outOfReachThroughout(world, { hurry: true, deny: 'cloudformation:DescribeStacks' }, [stoppedPostgres]),
};

/** A way to put the server out of reach. */
interface Outage {
  /** Returns what ends it. */
  readonly begin: (world: World) => Promise<() => Promise<unknown>>;
  /** Why the deployment fails. */
  readonly reason: RegExp;
}

const stoppedPostgres: Outage = {
  begin: async (world) => (await stop(world, await world.lab.portOf(world.server.Host))).start,
  reason: /\(ECONNREFUSED\)/,
};

const closedNetwork: Outage = {
  begin: async (world) => closeNetwork(world),
  reason: /\(ETIMEDOUT\)\. No response: the server is paused, or the network blocks the connection\./,
};

/** The server is out of reach for an update and for its rollback: nothing is changed, and the next good update repairs. One stack for all outages. */
async function outOfReachThroughout(
  world: World,
  variant: Partial<Variant>,
  outages: readonly Outage[],
): Promise<void> {
  const before = await world.everything();
  const beside = new Beside(world);
  const sales = { databases: [{ databaseName: 'app', schemas: ['sales'] }] };
  await beside.deploy({ ...variant, props: sales });
  const deployed = await world.everything();
  for (const { begin, reason } of outages) {
    const end = await begin(world);
    const result = await beside.tryDeploy({ ...variant, props: { ...sales, tempSchema: 'scratch' } });
    await end();
    assertRefused(result, reason);
    assert.deepEqual(await statuses(world, 'Beside'), ['UPDATE_ROLLBACK_COMPLETE']);
    assertSame(await world.everything(), deployed, 'nothing could be changed');
  }
  const [source] = await beside.deploy({ ...variant, props: { tempSchema: 'scratch' } });
  await world.datafold(source, async (client) => {
    await client.query('SELECT * FROM public.customers');
    await client.query('CREATE TABLE scratch.t (id int)');
  });
  await beside.destroy();
  assertSame(await world.everything(), before, 'something is left after cdk destroy');
}

/** Holds a run in the middle of a statement for as long as there is a row. */
const HOLD = `
  CREATE TABLE public.e2e_hold AS SELECT 1;
  CREATE FUNCTION public.e2e_wait() RETURNS event_trigger LANGUAGE plpgsql AS
    'BEGIN WHILE EXISTS (SELECT FROM public.e2e_hold) LOOP PERFORM pg_sleep(0.2); END LOOP; END';
  GRANT SELECT ON public.e2e_hold TO PUBLIC;
  CREATE EVENT TRIGGER e2e_wait ON ddl_command_end WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION public.e2e_wait()`;
const RELEASE = 'DROP EVENT TRIGGER e2e_wait; DROP FUNCTION public.e2e_wait; DROP TABLE public.e2e_hold';

/** In seconds: a slow machine needs less for an event of the access that nothing holds. */
const GIVE_UP_AFTER = 40;

export const cancelled: Scenario = {
  number: '4.9',
  title:
    'CloudFormation cancels the work on the access in mid-run, and goes back while it is still under way',
  // The rollback of a first deployment takes the rights away while the cancelled work still ends.
  provokes: [/^IAM .*assumed-role\/\S*DatafoldProvisioner/, /^LOGS of \S*DatafoldProvisioner/],
  async run(world) {
    const before = await world.everything();
    const port = await world.lab.portOf(world.server.Host);
    const asRds = async (sql: string) => superuser(world.lab, port, 'app', async (c) => c.query(sql));
    const beside = new Beside(world);
    const letGoOnceBack = async () => {
      const isBack = async (end = '') =>
        (await statuses(world, 'Beside')).some(
          (status) => status.includes('ROLLBACK') && status.endsWith(end),
        );
      await eventually(async () => (await isBack()) || undefined, 240);
      // Until the run of the rollback waits for the cancelled one, or has ended without that.
      await eventually(async () => {
        const { rowCount } = await asRds("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
        return rowCount || (await isBack('_COMPLETE')) || undefined;
      });
      await asRds('DELETE FROM public.e2e_hold');
    };

    await asRds(HOLD);
    const [created] = await Promise.all([beside.tryDeploy({ giveUpAfter: GIVE_UP_AFTER }), letGoOnceBack()]);
    assertRefused(created, /did not receive a response/);
    await asRds(RELEASE);
    await beside.tryDestroy();
    assertSame(await world.everything(), before, 'the cancelled Create leaves something');

    const sales = { databases: [{ databaseName: 'app', schemas: ['sales'] }] };
    await beside.deploy({ props: sales, giveUpAfter: GIVE_UP_AFTER });
    const deployed = await world.everything();
    await asRds(HOLD);
    const [updated] = await Promise.all([
      beside.tryDeploy({ props: { ...sales, tempSchema: 'scratch' }, giveUpAfter: GIVE_UP_AFTER }),
      letGoOnceBack(),
    ]);
    assertRefused(updated, /did not receive a response/);
    await asRds(RELEASE);
    await new Promise((resolve) => setTimeout(resolve, 8_000)); // whatever is still under way
    assertSame(await world.everything(), deployed, 'the cancelled update goes on after its rollback');
    await beside.destroy();
  },
};

async function statuses({ aws }: World, name: string): Promise<string[]> {
  const stack = await new Stacks(aws.cloudformation).find(name);
  return stack ? [stack.status] : [];
}

async function reasons({ aws }: World, name: string): Promise<string[]> {
  const stacks = new Stacks(aws.cloudformation);
  const stack = await stacks.find(name);
  return stack ? failures(await stacks.events(stack.id)) : [];
}

/** Revokes the rules by which other security groups get to the server; returns what puts them back. */
async function closeNetwork({ aws: { ec2 }, server }: World): Promise<() => Promise<unknown>> {
  const GroupId = server.SecurityGroup;
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  const IpPermissions = SecurityGroups.flatMap((group) => group.IpPermissions ?? [])
    .filter(({ UserIdGroupPairs = [] }) => UserIdGroupPairs.length > 0)
    .map(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs = [] }) => {
      const pairs = UserIdGroupPairs.map((pair) => ({
        GroupId: pair.GroupId,
        Description: pair.Description,
      }));
      return { IpProtocol, FromPort, ToPort, UserIdGroupPairs: pairs };
    });
  assert.notEqual(IpPermissions.length, 0, 'a rule lets the function in');
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  return async () => ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}

/** Stops a server at once, as a crash does. */
async function stop(world: World, port: number): Promise<{ start: () => Promise<void> }> {
  const data = join(world.lab.serverDir(port), 'data');
  const postgres = readFileSync(join(data, 'postmaster.opts'), 'utf8').split(' ')[0];
  const { uid, gid } = statSync(data);
  const log = join(world.lab.serverDir(port), 'postgresql.log');
  const ctl = async (...args: string[]) => {
    const done = await shell(join(dirname(postgres), 'pg_ctl'), [...args, '-w', '-D', data], {
      uid,
      gid,
      cwd: '/',
    });
    if (done.code !== 0) {
      throw new Error(`pg_ctl ${args.join(' ')}: ${done.text}`);
    }
  };
  await ctl('stop', '-m', 'immediate');
  return { start: async () => ctl('start', '-l', log) };
}
