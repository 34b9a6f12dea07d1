import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);

beforeEach(() => server.freshDatabase('app'));

test('an adopted role of another stack keeps nothing in a dropped temp schema', async () => {
  const second = {
    owner: { key: 'k2', id: 'id2', stackName: 'Second' },
    access: { adoptExisting: true, tempSchema: 'second' },
  };
  await succeed(requests().apply());
  await succeed(requests().apply(second));
  await server.sql('CREATE TABLE second.t (id int)', 'app', datafold);
  expect((await succeed(requests().remove(second))).notices).toEqual([
    'Role "datafold" is kept: stack "Analytics" needs it.',
  ]);
  expect(await server.schemaExists('second', 'app')).toBe(false);
  await succeed(requests().remove());
});

test('a temp schema that another stack uses too is not dropped', async () => {
  const second = {
    owner: { key: 'k2', id: 'id2', stackName: 'Second' },
    access: { roleName: 'second', adoptExisting: true },
  };
  await succeed(requests().apply());
  await succeed(requests().apply(second));
  expect((await succeed(requests().remove())).notices).toEqual([
    'Schema "datafold_tmp" in database "app" is kept: other roles or objects use it (role second).',
  ]);
  await server.sql('CREATE TABLE datafold_tmp.still (id int)', 'app', { user: 'second', password: PASSWORD });
  await succeed(requests().remove(second));
});

test('a previous temp schema that is read keeps USAGE and loses CREATE', async () => {
  const adopting = { ...ACCESS, tempSchema: 'work', adoptExisting: true };
  await server.sql('CREATE SCHEMA work; CREATE TABLE work.orders (id int)', 'app', server.postgres.admin);
  const before = await server.dump('app');
  await succeed(requests().apply({ access: adopting }));
  await succeed(requests().apply({ previous: adopting }));
  await server.sql('SELECT * FROM work.orders', 'app', datafold);
  await expect(server.sql('CREATE TABLE work.mine (id int)', 'app', datafold)).rejects.toMatchObject({
    code: '42501',
  });
  await succeed(requests().remove());
  expect(await server.dump('app')).toBe(before);
});
