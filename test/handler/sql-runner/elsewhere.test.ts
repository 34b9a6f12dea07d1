import { requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql(
    'CREATE TABLE notes (id int); CREATE TABLE orders (id int, state text)',
    'app',
    server.postgres.admin,
  );
  await succeed(requestsTo(server.postgres).apply());
});

const writable = async () => {
  const [{ writable, writableCount }] = (await succeed(requestsTo(server.postgres).verify())).databases;
  return { writable, writableCount };
};

test('a role that only reads can write nowhere but in its temp schema', async () => {
  // Up to PostgreSQL 14 everybody may create in the schema public.
  await server.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC', 'app');
  expect(await writable()).toEqual({ writable: [], writableCount: 0 });
});

test('names whatever else it can write, and the statement that ends it', async () => {
  await server.sql('GRANT CREATE ON SCHEMA public TO PUBLIC; GRANT INSERT, DELETE ON notes TO PUBLIC', 'app');
  await server.sql(
    'GRANT UPDATE (state) ON orders TO datafold; GRANT CREATE ON DATABASE app TO datafold',
    'app',
  );
  await server.sql('ALTER ROLE datafold CREATEDB', 'app');
  const found = await writable();
  expect(found).toEqual({
    writable: [
      {
        object: 'CREATE on database "app"',
        statement: 'REVOKE CREATE ON DATABASE "app" FROM "datafold";',
      },
      {
        object: 'INSERT, DELETE on relation "public"."notes", which everybody has',
        statement: 'REVOKE INSERT, DELETE ON TABLE "public"."notes" FROM PUBLIC;',
      },
      {
        object: 'UPDATE on relation "public"."orders"',
        statement: 'REVOKE UPDATE ON TABLE "public"."orders" FROM "datafold";',
      },
      { object: 'CREATEDB on role "datafold"', statement: 'ALTER ROLE "datafold" NOCREATEDB;' },
      {
        object: 'CREATE on schema "public", which everybody has',
        statement: 'REVOKE CREATE ON SCHEMA "public" FROM PUBLIC;',
      },
    ],
    writableCount: 5,
  });
  await server.sql(found.writable!.map(({ statement }) => statement).join('\n'), 'app');
  expect(await writable()).toEqual({ writable: [], writableCount: 0 });
});
