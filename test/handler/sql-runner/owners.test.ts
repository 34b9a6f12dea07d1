import type { Client } from 'pg';
import { catalogDump, writerDump } from '../../support/catalog-dump';
import { createReachableOwner, createUnreachableOwner } from '../../support/postgres-server/rds';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);
const memberships = () => server.sql(`SELECT to_jsonb(m) - 'oid' AS m FROM pg_auth_members m ORDER BY 1`);

let superuser: Client;

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  superuser = await server.connection('postgres');
  await createReachableOwner(admin, 'Shop owner');
  await createReachableOwner(admin, 'etl');
  await createUnreachableOwner(superuser, 'foreign_owner', server.postgres.versionNum);
  await admin.query('CREATE ROLE etl_login LOGIN; GRANT etl TO etl_login');
});

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE SCHEMA shop AUTHORIZATION "Shop owner";
     CREATE SCHEMA mixed AUTHORIZATION master; GRANT CREATE, USAGE ON SCHEMA mixed TO etl, "Shop owner";
     SET ROLE "Shop owner"; CREATE TABLE shop.items (id int); CREATE TABLE mixed.a (id int); RESET ROLE;
     SET ROLE etl; CREATE TABLE mixed.b (id int); CREATE VIEW mixed.v AS SELECT 1 AS one; RESET ROLE;
     SET ROLE master; CREATE TABLE public.own (id int)`,
    'app',
  );
});
afterEach(async () => {
  await succeed(requests().remove());
});

test('grants through the owners, and restores the memberships', async () => {
  const before = await memberships();
  const report = await succeed(requests().apply());
  expect(report.databases[0]).toMatchObject({ relations: 5, unreadableCount: 0 });
  const made = (await memberships()).filter(
    (row) => !before.some((old) => JSON.stringify(old) === JSON.stringify(row)),
  );
  // Since PostgreSQL 16, the creator of a role gets the admin option.
  expect(made).toHaveLength(server.postgres.versionNum >= 160000 ? 1 : 0);
  await server.sql('SELECT * FROM shop.items, mixed.a, mixed.b, mixed.v, public.own', 'app', datafold);
});

test('writes nothing when nothing changed, with owners of all kinds', async () => {
  await succeed(requests().apply());
  const client = await server.connection('app');
  const before = await writerDump(client);
  expect((await succeed(requests().apply())).statements).toBe(0);
  expect(await writerDump(client)).toBe(before);
});

test('lets the role read future tables of every owner and of roles with CREATE', async () => {
  await succeed(requests().apply());
  await server.sql(
    `SET ROLE "Shop owner"; CREATE TABLE shop.later (id int); RESET ROLE;
     SET ROLE etl; CREATE TABLE mixed.later (id int); RESET ROLE;
     SET ROLE master; CREATE TABLE mixed.own (id int)`,
    'app',
  );
  await server.sql('SELECT * FROM shop.later, mixed.later, mixed.own', 'app', datafold);
});

test('includes new owners and schemas in the next run', async () => {
  await succeed(requests().apply());
  await server.sql(
    `CREATE SCHEMA new AUTHORIZATION etl; SET ROLE etl; CREATE TABLE new.t (id int); RESET ROLE;
     GRANT CREATE ON SCHEMA shop TO etl; SET ROLE etl; CREATE TABLE shop.by_etl (id int)`,
    'app',
  );
  await succeed(requests().apply());
  await server.sql('SELECT * FROM new.t, shop.by_etl', 'app', datafold);
});

test('uses a membership without inheritance by acting as the owner', async () => {
  const options = server.postgres.versionNum >= 160000 ? 'WITH INHERIT FALSE, SET TRUE' : '';
  await server.sql(`ALTER ROLE master NOINHERIT; GRANT etl TO master ${options}`);
  const before = await memberships();
  await succeed(requests().apply());
  await server.sql('SELECT * FROM mixed.b', 'app', datafold);
  await succeed(requests().remove());
  expect(await memberships()).toEqual(before);
  const reset = options ? 'GRANT etl TO master WITH INHERIT FALSE, SET FALSE' : 'REVOKE etl FROM master';
  await server.sql(`ALTER ROLE master INHERIT; ${reset}`);
});

test('works as the superuser too', async () => {
  const admin = server.postgres.superuser;
  const before = await catalogDump(superuser);
  await succeed(requests().apply({ admin }));
  await server.sql('SELECT * FROM shop.items, mixed.a, mixed.b', 'app', datafold);
  await succeed(requests().remove({ admin }));
  expect(await catalogDump(superuser)).toBe(before);
});

describe('with an owner that the administrator may not act as', () => {
  beforeEach(async () => {
    await server.sql(
      `GRANT CREATE, USAGE ON SCHEMA mixed TO foreign_owner;
       SET ROLE foreign_owner; CREATE TABLE mixed."It's theirs" (id int); CREATE TABLE mixed.theirs (id int)`,
      'app',
    );
  });

  test('fails and names the unreadable objects with the statements for their owners', async () => {
    expect(await fail(requests().apply())).toEqual({
      message:
        'Database "app": 2 objects stay unreadable for "datafold", because the administrator may not act as their owners (42501). ' +
        'Ask the owners to run the statements, or set verification.onUnreadable to WARN: ' +
        `"mixed"."It's theirs" of "foreign_owner" (GRANT SELECT ON TABLE "mixed"."It's theirs" TO "datafold";), ` +
        '"mixed"."theirs" of "foreign_owner" (GRANT SELECT ON TABLE "mixed"."theirs" TO "datafold";)',
      code: '42501',
      retryable: false,
    });
  });

  test('only warns if onUnreadable is warn, and grants everything else', async () => {
    const report = await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
    expect(report.databases[0]).toMatchObject({
      relations: 7,
      unreadableCount: 2,
      unreadable: [
        {
          relation: `"mixed"."It's theirs" of "foreign_owner"`,
          statement: `GRANT SELECT ON TABLE "mixed"."It's theirs" TO "datafold";`,
        },
        {
          relation: '"mixed"."theirs" of "foreign_owner"',
          statement: 'GRANT SELECT ON TABLE "mixed"."theirs" TO "datafold";',
        },
      ],
    });
    expect(report.notices).toContain(
      'Tables that "foreign_owner" creates later stay unreadable. As that role, run: ' +
        'ALTER DEFAULT PRIVILEGES FOR ROLE "foreign_owner" IN SCHEMA "mixed" GRANT SELECT ON TABLES TO "datafold";',
    );
    await server.sql('SELECT * FROM mixed.a, mixed.b', 'app', datafold);
  });

  test('succeeds once the owner has run the statements', async () => {
    await fail(requests().apply());
    await server.sql(
      `SET ROLE foreign_owner;
       GRANT SELECT ON TABLE mixed."It's theirs" TO datafold; GRANT SELECT ON TABLE mixed.theirs TO datafold`,
      'app',
    );
    expect((await succeed(requests().apply())).databases[0].unreadableCount).toBe(0);
    await server.sql(
      `SET ROLE foreign_owner; REVOKE ALL ON TABLE mixed."It's theirs", mixed.theirs FROM datafold`,
      'app',
    );
  });

  test('counts a grant that PostgreSQL only warns about as a failure', async () => {
    // With a privilege but no grant option, GRANT only returns the warning 01007.
    await server.sql(`GRANT SELECT ON mixed.theirs, mixed."It's theirs" TO master`, 'app');
    expect(await fail(requests().apply())).toMatchObject({
      code: '42501',
      message: expect.stringContaining('2 objects stay unreadable') as string,
    });
  });

  test('names the grant that prevents dropping the role', async () => {
    await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
    await server.sql('SET ROLE foreign_owner; GRANT SELECT ON TABLE mixed.theirs TO datafold', 'app');
    const error = await fail(requests().remove());
    expect(error).toMatchObject({
      code: '2BP01',
      retryable: false,
      message:
        'Dropping role "datafold" failed: the role still owns objects or has privileges in "app" (table mixed.theirs) that the administrator cannot revoke (2BP01). ' +
        'Ask the grantors to revoke them, then delete again.',
    });
    await server.sql('SET ROLE foreign_owner; REVOKE SELECT ON TABLE mixed.theirs FROM datafold', 'app');
  });
});

test('reads a schema of an owner that the administrator may not act as, as far as the owner grants it', async () => {
  await server.sql(
    `CREATE SCHEMA closed AUTHORIZATION foreign_owner; SET ROLE foreign_owner; CREATE TABLE closed.t (id int)`,
    'app',
  );
  const report = await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
  expect(report.databases[0].unreadable).toEqual([
    {
      relation: '"closed"."t" of "foreign_owner"',
      statement:
        'GRANT USAGE ON SCHEMA "closed" TO "datafold"; GRANT SELECT ON TABLE "closed"."t" TO "datafold";',
    },
  ]);
  await succeed(
    requests().apply({ access: { databases: [{ databaseName: 'app', excludeSchemas: ['closed'] }] } }),
  );
});

test('sets up a database that belongs to another role', async () => {
  await server.sql(
    'ALTER DATABASE app OWNER TO "Shop owner"; REVOKE ALL ON DATABASE app FROM PUBLIC; GRANT CONNECT ON DATABASE app TO master',
    'app',
  );
  const app = await server.connection('app');
  const before = await catalogDump(app);
  await succeed(requests().apply());
  await server.sql('SELECT * FROM shop.items', 'app', datafold);
  await succeed(requests().remove());
  expect(await catalogDump(app)).toBe(before);
});

test('reports a database owner that the administrator may not act as', async () => {
  await server.sql('ALTER DATABASE app OWNER TO foreign_owner', 'app');
  const error = await fail(requests().apply());
  expect(error).toEqual({
    message:
      'Creating schema "datafold_tmp" in database "app" failed: the database belongs to "foreign_owner", and the administrator may not act as that role (42501). ' +
      'Ask that role to run: GRANT CREATE ON DATABASE "app" TO "master";',
    code: '42501',
    retryable: false,
  });
  await server.sql('GRANT CREATE ON DATABASE app TO master', 'app');
  await succeed(
    requests().apply({
      access: {
        databases: [{ databaseName: 'app', schemas: ['shop'] }],
        ...{ futureTables: ACCESS.futureTables },
      },
    }),
  );
});
