import { HOST, PROPERTIES, setUpAccess, type AccessSetUp } from '../support/access';
import { TestEnvironment } from '../support/test-environment';

const ID = `datafold-access/${HOST}:5432/datafold`;

let environment: TestEnvironment;
let server: AccessSetUp['server'];
let resource: AccessSetUp['resource'];

beforeEach(async () => {
  environment = await TestEnvironment.start();
  ({ server, resource } = setUpAccess(environment));
});

afterEach(async () => {
  await environment.stop();
});

const roles = () => [...server.roles.keys()];
const requests = () => environment.functions.requests;

describe('update', () => {
  const twoDatabases = { ...PROPERTIES, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };

  test('passes the previous request to the sql-runner', async () => {
    await resource.create(twoDatabases);
    const answer = await resource.update(PROPERTIES);
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ID });
    expect(requests().at(-1)).toMatchObject({
      operation: 'apply',
      access: { databases: [{ databaseName: 'app' }] },
      previous: { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] },
    });
  });

  test('that fails restores the previous grants', async () => {
    await resource.create(PROPERTIES);
    const run = environment.postgres.run.bind(environment.postgres);
    const failing = { ok: false, error: { message: 'There is no database dwh (3D000).', retryable: false } };
    const spy = jest
      .spyOn(environment.postgres, 'run')
      .mockReturnValueOnce(failing as never)
      .mockImplementation(run);

    const answer = await resource.update(twoDatabases);

    expect(answer).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: ID,
      Reason: 'There is no database dwh (3D000).',
    });
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
    const applies = spy.mock.calls
      .map(([request]) => request)
      .filter(({ operation }) => operation === 'apply');
    expect(applies.at(-1)).toMatchObject({
      access: { databases: [{ databaseName: 'app' }] },
      previous: { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] },
    });
    expect(roles()).toEqual(['datafold']);
  });

  test('without changes is verified completely', async () => {
    server.writableCount = 3;
    server.found = { settings: [{ setting: 'role', value: 'x', effect: 'y', statement: 'z;' }] };
    await resource.create(PROPERTIES);
    const answer = await resource.update({ ...PROPERTIES, removalPolicy: 'retain' });

    expect(requests().map(({ operation }) => operation)).toEqual(['apply', 'apply', 'verify']);
    expect(answer.Data).toMatchObject({ TempSchemaStep: 'ok', Writable: '3' });
    expect(answer.Data?.Notices).toContain('Role datafold, database app: role is x, so y. To end it: z;');
  });

  test('to another role changes the physical id, and the previous role is dropped', async () => {
    await resource.create(PROPERTIES);
    await resource.update({ ...PROPERTIES, roleName: 'lineage' });
    expect(resource.physicalId).toBe(`datafold-access/${HOST}:5432/lineage`);
    expect(
      requests().map(({ operation, owner, ...rest }) => [operation, owner!.id, 'previous' in rest]),
    ).toEqual([
      ['apply', ID, false],
      ['apply', `datafold-access/${HOST}:5432/lineage`, true],
      ['remove', ID, false],
    ]);
    expect(roles()).toEqual(['lineage']);
  });

  test('to another role that fails removes the new role and keeps the previous one unchanged', async () => {
    await resource.create(PROPERTIES);
    const run = environment.postgres.run.bind(environment.postgres);
    jest.spyOn(environment.postgres, 'run').mockImplementationOnce((request) => {
      run(request);
      return { ok: false, error: { message: 'The disk is full (53100).', retryable: false } };
    });

    const answer = await resource.update({ ...PROPERTIES, roleName: 'lineage' });

    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: ID });
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
    expect(roles()).toEqual(['datafold']);
    expect(server.roles.get('datafold')?.ownerId).toBe(ID);
  });

  test('to another role that fails is reverted in several invocations if needed', async () => {
    await resource.create(PROPERTIES);
    const run = environment.postgres.run.bind(environment.postgres);
    let removals = 0;
    jest.spyOn(environment.postgres, 'run').mockImplementation((request) => {
      if (request.operation === 'remove' && ++removals === 1) {
        environment.clock.pass(environment.timeout);
        return { ok: true, report: { finished: false, statements: 5, databases: [], notices: [] } };
      }
      const response = run(request);
      if (request.access.roleName === 'datafold' || request.operation === 'remove') return response;
      return {
        ok: false,
        error: { message: 'The disk is full (53100).', retryable: false, connected: true },
      };
    });

    await resource.update({ ...PROPERTIES, roleName: 'lineage' });

    expect(resource.answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
    expect(roles()).toEqual(['datafold']);
    expect(removals).toBe(2);
  });

  test('that fails under another name of the same server keeps the role', async () => {
    await resource.create(PROPERTIES);
    const alias = 'shop.internal';
    const run = environment.postgres.run.bind(environment.postgres);
    jest.spyOn(environment.postgres, 'run').mockImplementation((request) => {
      const isAlias = request.server.host === alias;
      const response = run({ ...request, server: { ...request.server, host: HOST } });
      if (isAlias && request.operation === 'apply')
        return { ok: false, error: { message: 'The disk is full (53100).', retryable: false } };
      return response;
    });

    await resource.update({ ...PROPERTIES, server: { ...PROPERTIES.server, host: alias } });

    expect(resource.answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
    expect(server.roles.get('datafold')?.ownerId).toBe(ID);
  });

  test('that succeeded is rolled back if another resource fails', async () => {
    await resource.create(PROPERTIES);
    const other = { ...PROPERTIES, roleName: 'lineage' };
    const answer = await resource.updateTo(other, PROPERTIES, ID);
    resource.physicalId = answer.PhysicalResourceId;
    expect(roles()).toEqual(['datafold', 'lineage']);

    await resource.rollBack(other, PROPERTIES, ID);

    expect(resource.physicalId).toBe(ID);
    expect(roles()).toEqual(['datafold']);
  });

  test('from invalid previous properties succeeds without them', async () => {
    const answer = await resource.updateTo(PROPERTIES, { roleName: 'datafold' }, ID);
    expect(answer.Status).toBe('SUCCESS');
    expect(requests()[0]).not.toHaveProperty('previous');
  });
});
