import { idAfterRemoval } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import type { LogExclusionsProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const HOST = 'shop.cluster-abc.us-east-1.rds.amazonaws.com';
const ADMIN_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf';
const PROPERTIES: LogExclusionsProperties = {
  sqlRunner: 'runner',
  server: { host: HOST, port: '5432', tls: 'verify-full' },
  adminSecretArn: ADMIN_SECRET,
  maintenanceDatabase: 'postgres',
  excludedRoles: ['etl'],
  excludedDatabases: ['staging'],
};

let environment: TestEnvironment;
let resource: StackResource<LogExclusionsProperties>;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  const password = environment.secret('admin-pa55word');
  environment.secrets.add(ADMIN_SECRET, JSON.stringify({ username: 'master', password }));
  resource = new StackResource(environment, 'Custom::DatafoldLogExclusions');
});
afterEach(async () => environment.stop());

const done = (notices: string[] = []) => {
  const report = { statements: 1, notices };
  return environment.functions.answer(JSON.stringify({ ok: true, report }));
};
const failed = (code: string, { retryable = false, connected = false } = {}) =>
  environment.functions.answer(
    JSON.stringify({ ok: false, error: { message: `Not possible (${code}).`, code, retryable, connected } }),
  );
/** The requests to the sql-runner without server and administrator. */
const asked = () =>
  environment.functions.requests.map((request) => {
    const { desired, previousExclusions } = request as unknown as Record<
      'desired' | 'previousExclusions',
      unknown
    >;
    return { desired, previousExclusions };
  });
const NOBODY = { roles: [], databases: [] };
const ALL = { roles: ['etl'], databases: ['staging'] };

test('invokes the sql-runner as the administrator, and returns its notices', async () => {
  environment.functions.next(done(['The role "etl" was already excluded from the log.']));
  const answer = await resource.create(PROPERTIES);
  expect(answer).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: `datafold-log-exclusions/${HOST}:5432`,
    Data: { Notices: 'The role "etl" was already excluded from the log.' },
  });
  expect(environment.functions.requests).toEqual([
    {
      operation: 'exclude-from-log',
      server: { host: HOST, port: 5432, tls: 'verify-full' },
      admin: { user: 'master', password: 'admin-pa55word', secret: ADMIN_SECRET },
      maintenanceDatabase: 'postgres',
      desired: ALL,
      previousExclusions: NOBODY,
    },
  ]);
});

test('an update removes obsolete exclusions, and a removal removes all', async () => {
  environment.functions.next(done(), done(), done());
  await resource.create(PROPERTIES);
  await resource.update({ ...PROPERTIES, excludedRoles: [] });
  await resource.remove();
  const rest = { roles: [], databases: ['staging'] };
  expect(asked().slice(1)).toEqual([
    { desired: rest, previousExclusions: ALL },
    { desired: NOBODY, previousExclusions: rest },
  ]);
});

test('a move restores the previous server in the update, and its Delete changes nothing', async () => {
  environment.functions.next(done(), done(), done(), done());
  await resource.create(PROPERTIES);
  const id = resource.physicalId;
  await resource.update({ ...PROPERTIES, server: { ...PROPERTIES.server, host: 'other' } });
  expect(resource.physicalId).toBe(idAfterRemoval('datafold-log-exclusions/other:5432', id!));
  expect(asked().slice(1)).toEqual([
    { desired: ALL, previousExclusions: NOBODY },
    { desired: NOBODY, previousExclusions: ALL },
    { desired: ALL, previousExclusions: NOBODY }, // both names may be the same server
  ]);
  expect(environment.functions.requests.map(({ server }) => server.host)).toEqual([
    HOST,
    'other',
    HOST,
    'other',
  ]);
});

test('a move fails if the previous server can not be restored', async () => {
  environment.functions.next(done(), done(), failed('42501', { connected: true }), done(), done(), done());
  await resource.create(PROPERTIES);
  const answer = await resource.update({ ...PROPERTIES, server: { ...PROPERTIES.server, host: 'other' } });
  expect(answer.Reason).toBe(
    `Roles and databases may still be excluded from the statement log on ${HOST}:5432, since removing the exclusions failed. Not possible (42501).`,
  );
  expect(resource.answers.at(-1)!.Status).toBe('SUCCESS');
});

test('a Delete that can not inspect the server fails, but not when the stack is deleted', async () => {
  environment.functions.next(done());
  await resource.create(PROPERTIES);
  environment.functions.drop('runner');
  expect((await resource.remove()).Reason).toBe(
    `Roles and databases may still be excluded from the statement log on ${HOST}:5432: the sql-runner runner no longer exists, so the server can't be inspected. If they are excluded, let the administrator run: ALTER ROLE "etl" RESET log_statement; ALTER DATABASE "staging" RESET log_statement.`,
  );
  environment.stacks.current = 'DELETE_IN_PROGRESS';
  expect((await resource.remove()).Status).toBe('SUCCESS');
});

test('a refused Create fails with the reason, and its Delete succeeds whatever the server responds', async () => {
  environment.functions.next(failed('42501'), failed('42501'));
  const { Status, Reason } = await resource.create(PROPERTIES);
  expect([Status, Reason]).toEqual(['FAILED', 'Not possible (42501).']);
  expect(resource.answers.map((answer) => answer.Status)).toEqual(['FAILED', 'SUCCESS']);
});

test('waits for a paused server', async () => {
  environment.functions.next(
    failed('57P03', { retryable: true }),
    failed('57P03', { retryable: true }),
    done(),
  );
  expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
});

test('a refused statement fails an update, but not its rollback', async () => {
  environment.functions.next(
    done(),
    failed('42704', { connected: true }),
    failed('42704', { connected: true }),
  );
  await resource.create(PROPERTIES);
  expect((await resource.update({ ...PROPERTIES, excludedDatabases: [] })).Reason).toBe(
    'Not possible (42704).',
  );
  expect(resource.answers.at(-1)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
    Data: { Notices: 'Not possible (42704).' },
  });
});

test('a server that accepts no connections fails an update, but not its rollback', async () => {
  environment.functions.next(done(), failed('28P01'), failed('28P01'));
  await resource.create(PROPERTIES);
  await resource.update({ ...PROPERTIES, excludedDatabases: [] });
  expect(resource.answers.slice(1)).toMatchObject([
    { Status: 'FAILED', Reason: 'Not possible (28P01).' },
    {
      Status: 'SUCCESS',
      Data: {
        Notices:
          'The rollback could not restore this resource: Not possible (28P01). After that, deploy with another `revision`: without it CloudFormation sends no update.',
      },
    },
  ]);
});

test('the rollback of a move restores the new server although the previous one refuses', async () => {
  const other = { ...PROPERTIES, server: { ...PROPERTIES.server, host: 'other' } };
  environment.functions.next(
    done(),
    failed('57P01', { connected: true }),
    failed('42704', { connected: true }),
    done(),
  );
  await resource.create(PROPERTIES);
  await resource.update(other);
  expect(resource.answers.at(-1)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
  });
  expect(asked().at(-1)).toEqual({ desired: NOBODY, previousExclusions: ALL });
  expect(environment.functions.requests.at(-1)!.server.host).toBe('other');
});

test('the advice quotes a name with a quotation mark, so that it runs as it is', async () => {
  environment.functions.next(done());
  await resource.create({ ...PROPERTIES, excludedRoles: ['a "b'], excludedDatabases: [] });
  environment.functions.drop('runner');
  expect((await resource.remove()).Reason).toBe(
    `Roles and databases may still be excluded from the statement log on ${HOST}:5432: the sql-runner runner no longer exists, so the server can't be inspected. If they are excluded, let the administrator run: ALTER ROLE "a ""b" RESET log_statement.`,
  );
});

test('a removal from a server that accepts no connections says what may be left and what to do', async () => {
  environment.functions.next(done(), failed('ECONNREFUSED'));
  await resource.create(PROPERTIES);
  expect((await resource.remove()).Reason).toBe(
    `Not possible (ECONNREFUSED). Roles and databases may still be excluded from the statement log on ${HOST}:5432. Fix the cause, then delete again. To delete without the server, let the administrator run ALTER ROLE "etl" RESET log_statement; ALTER DATABASE "staging" RESET log_statement, then delete the stack once more with --retain-resources and the logical id of this resource.`,
  );
});

test('a removal fails if the server refuses, and succeeds if the server does not exist', async () => {
  environment.functions.next(done(), failed('42501'), failed('ENOTFOUND'));
  await resource.create(PROPERTIES);
  expect(await resource.remove()).toMatchObject({ Status: 'FAILED', Reason: 'Not possible (42501).' });
  expect((await resource.remove()).Status).toBe('SUCCESS');
});
