import { answer } from '../../../../lib/handler/sql-runner/answer';
import { isConfirmed } from '../../../../lib/handler/provisioner/runtime/confirmed';
import { idAfterRemoval } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import type { CustomResourceEvent } from '../../../../lib/handler/provisioner/runtime/event';
import type { Run } from '../../../../lib/handler/provisioner/aws/run';
import { certificateKey, secretKey, workPin } from '../../../../lib/private/wire/pins';
import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import type { AccessRequest } from '../../../../lib/private/wire/sql';
import { withServer } from '../../../support/with-server';
import { setUpRealAccess } from '../support/real-sql-runner';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

/** One server by two names, of which the sql-runner is deployed for one at a time. */
const server = withServer();
let environment: TestEnvironment;
let resource: StackResource<DatabaseAccessProperties>;
let properties: Record<'localhost' | '127.0.0.1', DatabaseAccessProperties>;
let pins: string[];

beforeEach(async () => {
  await server.freshDatabase('app');
  environment = await TestEnvironment.start();
  const base = setUpRealAccess(environment, server.postgres);
  const at = (host: string) => ({ ...base, server: { ...base.server, host } });
  properties = { localhost: at('localhost'), '127.0.0.1': at('127.0.0.1') };
  environment.functions.invoke = async (_name, payload) => {
    const release = environment.clock.hold();
    const request = JSON.parse(payload) as AccessRequest;
    return { payload: JSON.stringify(await answer(request, undefined, pins).finally(release)) };
  };
  resource = new StackResource(environment, 'Custom::DatafoldDatabaseAccess', 'Access');
  deployFor('localhost');
  await resource.create(properties.localhost);
  expect(await server.roleExists('datafold')).toBe(true);
});
afterEach(async () => {
  deployFor('localhost');
  await environment.stop();
  await server.sql('DROP OWNED BY datafold', 'app').catch(() => undefined);
  await server.sql('DROP ROLE IF EXISTS datafold').catch(() => undefined);
});

/** The environment of the sql-runner, which an update changes before it comes to the custom resource. */
function deployFor(host: keyof typeof properties, role = 'datafold'): void {
  const { port, caCertificate, tls } = properties[host].server;
  const pinned = { at: host, port, tls, ca: certificateKey(caCertificate!) };
  pins = [workPin(pinned, { admin: secretKey(properties[host].adminSecretArn!), role })];
}

const says = (status: string, physicalId = resource.physicalId!) =>
  environment.stacks.statuses.set(`Access ${physicalId}`, status);
const refusal = (host: string) =>
  `The sql-runner was not deployed for this remove on ${host}:${server.postgres.port}`;

test('a Delete removes a role from a server that left the app if CloudFormation confirms the deletion', async () => {
  deployFor('127.0.0.1');
  says('DELETE_IN_PROGRESS');
  expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(await server.roleExists('datafold')).toBe(false);
});

test('updates remove the role from servers that left the app, which the physical id names', async () => {
  for (const host of ['127.0.0.1', 'localhost'] as const) {
    const previousId = resource.physicalId!;
    const previous = resource.properties!;
    deployFor(host);
    says('UPDATE_IN_PROGRESS');
    const answered = await resource.updateTo(properties[host], previous, previousId);
    expect(answered).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: idAfterRemoval(
        `datafold-access/${host}:${server.postgres.port}/datafold`,
        previousId,
      ),
    });
    [resource.physicalId, resource.properties] = [answered.PhysicalResourceId, properties[host]];
    expect(await resource.delete(previousId, previous)).toMatchObject({ Status: 'SUCCESS' });
    expect(await server.roleExists('datafold')).toBe(true);
  }
});

describe('consecutive moves by functions that know only the current server and role', () => {
  type Place = [host: keyof typeof properties, roleName: string, sqlRunner: string];
  const ROLES = ['datafold', 'lineage'];
  const desiredAt = ([host, roleName, sqlRunner]: Place) => ({ ...properties[host], roleName, sqlRunner });
  const rolesThere = async () => {
    const there = await Promise.all(ROLES.map(async (name) => server.roleExists(name)));
    return ROLES.filter((_, i) => there[i]);
  };

  /** An update with its clean-up, as CloudFormation writes it down. */
  async function move(to: Place): Promise<void> {
    const [previousId, previous, desired] = [resource.physicalId!, resource.properties!, desiredAt(to)];
    deployFor(to[0], to[1]);
    says('UPDATE_IN_PROGRESS');
    const answered = await resource.updateTo(desired, previous, previousId);
    expect(answered).toMatchObject({ Status: 'SUCCESS' });
    [resource.physicalId, resource.properties] = [answered.PhysicalResourceId, desired];
    if (resource.physicalId === previousId) return;
    says('DELETE_IN_PROGRESS', previousId);
    expect(await resource.delete(previousId, previous)).toMatchObject({ Status: 'SUCCESS' });
  }

  /** An update after which a sibling fails, and its rollback. */
  async function moveAndBack(to: Place): Promise<void> {
    const [previousId, previous, failed] = [resource.physicalId!, resource.properties!, desiredAt(to)];
    deployFor(to[0], to[1]);
    says('UPDATE_IN_PROGRESS');
    const there = (await resource.updateTo(failed, previous, previousId)).PhysicalResourceId;
    deployFor(previous.server.host as Place[0], previous.roleName);
    environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
    says('UPDATE_IN_PROGRESS', there);
    const back = await resource.updateTo(previous, failed, there);
    expect(back).toMatchObject({ Status: 'SUCCESS' });
    resource.physicalId = back.PhysicalResourceId;
    environment.stacks.current = 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
    says('DELETE_IN_PROGRESS', there);
    expect(await resource.delete(there, failed)).toMatchObject({ Status: 'SUCCESS' });
    environment.stacks.current = 'UPDATE_IN_PROGRESS';
    resource.properties = previous;
  }

  afterEach(async () => {
    for (const role of ROLES) {
      await server.sql(`DROP OWNED BY ${role}`, 'app').catch(() => undefined);
      await server.sql(`DROP ROLE IF EXISTS ${role}`).catch(() => undefined);
    }
  });

  const PLACES: Place[] = [
    ['127.0.0.1', 'datafold', 'runner'],
    ['127.0.0.1', 'lineage', 'other-runner'],
    ['localhost', 'datafold', 'other-runner'],
    ['localhost', 'lineage', 'other-runner'],
    ['127.0.0.1', 'lineage', 'runner'],
    ['localhost', 'datafold', 'runner'],
  ];

  test('leave only the last role', async () => {
    for (const place of PLACES) {
      await move(place);
      expect(await rolesThere()).toEqual([place[1]]);
    }
    says('DELETE_IN_PROGRESS');
    expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(await rolesThere()).toEqual([]);
  });

  test('leave only the last role if each update is rolled back first', async () => {
    for (const place of PLACES) {
      const before = await rolesThere();
      await moveAndBack(place);
      expect(await rolesThere()).toEqual(before);
      await move(place);
      expect(await rolesThere()).toEqual([place[1]]);
    }
  });
});

test.each([
  ['nothing of it', undefined],
  ['that it is there', 'CREATE_COMPLETE'],
  ['that it is gone', 'DELETE_COMPLETE'],
  ['that it is updated', 'UPDATE_IN_PROGRESS'],
])('a forged Delete is refused if CloudFormation reports %s', async (_, status) => {
  deployFor('127.0.0.1');
  if (status) says(status);
  const answered = await resource.remove();
  expect(answered.Status).toBe('FAILED');
  expect(answered.Reason).toMatch(refusal('localhost'));
  expect(await server.roleExists('datafold')).toBe(true);
});

test('a Delete in progress allows only the server in its physical id', async () => {
  says('DELETE_IN_PROGRESS');
  const answered = await resource.delete(resource.physicalId!, properties['127.0.0.1']);
  expect(answered.Status).toBe('FAILED');
  expect(answered.Reason).toMatch(refusal('127.0.0.1'));
});

test('a Delete fails and removes nothing if CloudFormation can not be read', async () => {
  deployFor('127.0.0.1');
  environment.faults.fail('cloudformation:DescribeStackEvents', 'AccessDenied', 'denied');
  expect(await resource.remove()).toMatchObject({ Status: 'FAILED' });
  expect(await server.roleExists('datafold')).toBe(true);
});

describe('CloudFormation confirms that the target of an id is reverted', () => {
  const ID = 'datafold-access/shop:5432/datafold';
  const OTHER = 'datafold-access/previous:5432/datafold';
  const confirmed = async (requestType: 'Create' | 'Update' | 'Delete', status: string, physicalId = ID) => {
    environment.stacks.statuses.set(`Access ${physicalId}`, status);
    const { aws, log } = { aws: environment.ports, log: { warn: () => undefined } };
    const call = async <T>(_what: string, work: () => Promise<T>) => work();
    const clock = { now: () => 0 };
    const run = { aws, log, clock, call, pause: async () => undefined } as unknown as Run;
    const event = {
      requestType,
      stackId: 'stack',
      logicalResourceId: 'Access',
      physicalResourceId: physicalId,
    };
    return async (id: string) => isConfirmed(run, event as CustomResourceEvent, id, 'datafold-');
  };

  test('in a Delete: the target of its own id, while the Delete is in progress', async () => {
    const deleting = await confirmed('Delete', 'DELETE_IN_PROGRESS');
    expect([await deleting(ID), await deleting(OTHER)]).toEqual([true, false]);
    expect(await (await confirmed('Delete', 'UPDATE_IN_PROGRESS'))(ID)).toBe(false);
  });

  test('in the Delete of a Create that failed, whose id names no server', async () => {
    const deleting = await confirmed('Delete', 'DELETE_IN_PROGRESS', 'datafold-not-created/0123456789abcdef');
    expect(await deleting(ID)).toBe(true);
  });

  test('in an Update: the previous target; other targets only in a rollback', async () => {
    const updating = await confirmed('Update', 'UPDATE_IN_PROGRESS');
    environment.stacks.current = 'UPDATE_IN_PROGRESS';
    expect([await updating(ID), await updating(OTHER)]).toEqual([true, false]);
    environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect([await updating(ID), await updating(OTHER)]).toEqual([true, true]);
    expect(await (await confirmed('Update', 'UPDATE_COMPLETE'))(OTHER)).toBe(false);
  });

  test('never in a Create', async () => {
    expect(await (await confirmed('Create', 'CREATE_IN_PROGRESS'))(ID)).toBe(false);
  });
});
