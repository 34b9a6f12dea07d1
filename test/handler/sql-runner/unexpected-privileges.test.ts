import { PASSWORD, requestsTo } from '../../support/requests';
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

test('a role that only reads has no other privileges than those in its temp schema', async () => {
  // Up to PostgreSQL 14, PUBLIC may create in the schema public.
  await server.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC', 'app');
  expect(await writable()).toEqual({ writable: [], writableCount: 0 });
});

test('every privilege beyond reading is named, whatever its source, with the statements that revoke it', async () => {
  const { versionNum } = server.postgres;
  const since = (version: number, statement: string) => (versionNum >= version ? statement : '');
  await server.sql(
    `CREATE ROLE clerks; GRANT clerks TO datafold; ALTER ROLE datafold CREATEDB; CREATE SCHEMA staff;
     GRANT CREATE ON SCHEMA public TO PUBLIC; GRANT CREATE ON DATABASE app TO datafold; GRANT CREATE ON TABLESPACE pg_default TO clerks;
     GRANT INSERT, DELETE ON notes TO PUBLIC; GRANT UPDATE (state), REFERENCES (id) ON orders TO datafold; GRANT TRIGGER ON orders TO clerks, PUBLIC;
     ${since(170000, 'GRANT MAINTAIN ON notes TO PUBLIC;')} ${since(150000, 'GRANT SET, ALTER SYSTEM ON PARAMETER log_statement TO datafold;')}
     CREATE SEQUENCE ids; GRANT USAGE, SELECT ON ids TO datafold; CREATE SEQUENCE read_ids; GRANT SELECT ON read_ids TO datafold;
     CREATE FUNCTION wipe(what text, INOUT n int) SECURITY DEFINER LANGUAGE sql AS 'SELECT 1';
     CREATE FUNCTION own_rights() RETURNS int LANGUAGE sql AS 'SELECT 1';
     CREATE FUNCTION closed() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION closed() FROM PUBLIC;
     CREATE FUNCTION staff.out_of_sight() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1';
     CREATE FUNCTION event() RETURNS event_trigger SECURITY DEFINER LANGUAGE plpgsql AS 'BEGIN END';
     CREATE FUNCTION stamp() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     ${since(110000, `CREATE PROCEDURE purge() SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON PROCEDURE purge() FROM PUBLIC; GRANT EXECUTE ON PROCEDURE purge() TO datafold;`)}
     SELECT lo_create(4711), lo_create(4712); GRANT UPDATE ON LARGE OBJECT 4711 TO PUBLIC; GRANT SELECT ON LARGE OBJECT 4711 TO datafold;
     CREATE FOREIGN DATA WRAPPER wrapper; CREATE SERVER remote FOREIGN DATA WRAPPER wrapper; GRANT USAGE ON FOREIGN SERVER remote TO datafold; GRANT USAGE ON FOREIGN DATA WRAPPER wrapper TO PUBLIC;
     GRANT USAGE ON LANGUAGE plpgsql TO datafold`,
    'app',
  );
  const found = await writable();
  expect(found.writable!.map(({ object }) => object)).toEqual(
    [
      'CREATEDB on role "datafold"',
      'CREATE on database "app"',
      'CREATE on schema "public", granted to PUBLIC',
      versionNum >= 110000 && 'EXECUTE on SECURITY DEFINER procedure "public"."purge"()',
      'EXECUTE on SECURITY DEFINER function "public"."stamp"(), granted to PUBLIC',
      'EXECUTE on SECURITY DEFINER function "public"."wipe"(what text, INOUT n integer), granted to PUBLIC',
      `DELETE, INSERT${versionNum >= 170000 ? ', MAINTAIN' : ''} on relation "public"."notes", granted to PUBLIC`,
      'REFERENCES, TRIGGER, UPDATE on relation "public"."orders", granted to PUBLIC, as a member of "clerks"',
      'USAGE on sequence "public"."ids"',
      'SELECT, UPDATE on large object 4711, granted to PUBLIC',
      'USAGE on foreign server "remote"',
      'USAGE on foreign data wrapper "wrapper", granted to PUBLIC',
      'USAGE on language "plpgsql"',
      'CREATE on tablespace "pg_default", as a member of "clerks"',
      versionNum >= 150000 && 'ALTER SYSTEM, SET on parameter "log_statement"',
    ].filter(Boolean),
  );
  expect(found.writableCount).toBe(found.writable!.length);
  const statementOf = (text: string) =>
    found.writable!.find(({ object }) => object.includes(text))?.statement;
  expect(statementOf('"wipe"')).toBe(
    'REVOKE EXECUTE ON FUNCTION "public"."wipe"(what text, INOUT n integer) FROM PUBLIC;',
  );
  expect(statementOf('"orders"')).toBe(
    'REVOKE REFERENCES, TRIGGER, UPDATE ON TABLE "public"."orders" FROM PUBLIC; ' +
      'REVOKE REFERENCES, TRIGGER, UPDATE ON TABLE "public"."orders" FROM "datafold"; REVOKE "clerks" FROM "datafold";',
  );
  await server.sql(found.writable!.map(({ statement }) => statement).join('\n'), 'app');
  expect(await writable()).toEqual({ writable: [], writableCount: 0 });
});

test('a SECURITY DEFINER function that USAGE on the schema makes callable is named, and its statement revokes it', async () => {
  await server.sql(
    `CREATE SCHEMA hidden AUTHORIZATION master; SET ROLE master; CREATE TABLE hidden.salaries (id int);
     CREATE FUNCTION hidden.raise() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'INSERT INTO hidden.salaries VALUES (1) RETURNING id'`,
    'app',
  );
  const asDatafold = { user: 'datafold', password: PASSWORD };
  const call = () => server.sql('SELECT hidden.raise()', 'app', asDatafold);
  await expect(call()).rejects.toThrow('permission denied for schema hidden');
  const [{ writable }] = (await succeed(requestsTo(server.postgres).apply())).databases;
  await call();
  expect(writable).toEqual([
    {
      object: 'EXECUTE on SECURITY DEFINER function "hidden"."raise"(), granted to PUBLIC',
      statement: 'REVOKE EXECUTE ON FUNCTION "hidden"."raise"() FROM PUBLIC;',
    },
  ]);
  await server.sql(writable![0].statement, 'app', server.postgres.admin);
  await expect(call()).rejects.toThrow('permission denied for function raise');
});

test('functions and catalogs of PostgreSQL that a superuser opened are named, and those that are open from the start are not', async () => {
  const { versionNum } = server.postgres;
  const called = versionNum >= 110000 ? 'pg_read_file' : 'pg_create_restore_point'; // PostgreSQL 10 itself refuses to read files, whatever is granted
  await server.sql(
    `CREATE ROLE readers; GRANT readers TO datafold; GRANT EXECUTE ON FUNCTION pg_stat_reset() TO readers; GRANT EXECUTE ON FUNCTION pg_reload_conf() TO PUBLIC;
     GRANT EXECUTE ON FUNCTION ${called}(text) TO datafold; GRANT SELECT ON pg_authid TO datafold; GRANT SELECT (umoptions) ON pg_user_mapping TO PUBLIC;
     GRANT EXECUTE ON FUNCTION pg_backend_pid() TO datafold; GRANT SELECT ON pg_class TO datafold; GRANT SELECT ON pg_authid TO pg_monitor;
     REVOKE ALL ON LANGUAGE plpgsql FROM rdsadmin`,
    'app',
  );
  const found = await writable();
  expect(found).toEqual({
    writable: [
      {
        object: 'SELECT on relation "pg_catalog"."pg_authid"',
        statement: 'REVOKE SELECT ON TABLE "pg_catalog"."pg_authid" FROM "datafold";',
      },
      {
        object: `EXECUTE on function "pg_catalog"."${called}"(text)`,
        statement: `REVOKE EXECUTE ON FUNCTION "pg_catalog"."${called}"(text) FROM "datafold";`,
      },
      {
        object: 'EXECUTE on function "pg_catalog"."pg_reload_conf"(), granted to PUBLIC',
        statement: 'REVOKE EXECUTE ON FUNCTION "pg_catalog"."pg_reload_conf"() FROM PUBLIC;',
      },
      {
        object: 'EXECUTE on function "pg_catalog"."pg_stat_reset"(), as a member of "readers"',
        statement: 'REVOKE "readers" FROM "datafold";',
      },
      {
        object: 'SELECT on relation "pg_catalog"."pg_user_mapping", granted to PUBLIC',
        statement: 'REVOKE SELECT ON TABLE "pg_catalog"."pg_user_mapping" FROM PUBLIC;',
      },
    ],
    writableCount: 5,
  });
  await server.sql(found.writable!.map(({ statement }) => statement).join('\n'), 'app');
  expect(await writable()).toEqual({ writable: [], writableCount: 0 });
});

test('of hundreds of privileges, some of each kind are named, and all are counted', async () => {
  await server.sql(
    `DO $$ BEGIN FOR i IN 1..300 LOOP
       EXECUTE format('CREATE FUNCTION hidden.f%s() RETURNS int SECURITY DEFINER LANGUAGE sql AS $f$ SELECT 1 $f$', i);
       EXECUTE format('CREATE TABLE hidden.t%s (id int); GRANT TRIGGER ON hidden.t%s TO PUBLIC', i, i);
     END LOOP; END $$; CREATE SEQUENCE hidden.s; GRANT USAGE ON hidden.s TO PUBLIC`,
    'app',
  );
  const found = await writable();
  expect(found.writable).toHaveLength(20);
  expect(found.writable!.filter(({ object }) => object.includes('relation'))).not.toHaveLength(0);
  expect(found.writable!.filter(({ object }) => object.includes('sequence'))).toHaveLength(1);
  expect(found.writableCount).toBe(601);
  await server.sql('DROP SCHEMA hidden CASCADE', 'app');
});

test('other databases that the role can connect to are named once, with the statements that revoke CONNECT', async () => {
  for (const name of ['other', 'third']) await server.freshDatabase(name);
  await server.sql('GRANT CONNECT ON DATABASE third TO datafold');
  const access = { databases: [{ databaseName: 'app' }, { databaseName: 'third' }] };
  await succeed(requestsTo(server.postgres).apply({ access }));
  const furtherAccess = async (change: object) =>
    (await succeed(requestsTo(server.postgres).verify(change))).databases.map(
      (database) => database.furtherAccess,
    );
  expect(await furtherAccess({ access })).toEqual([
    [
      'The role "datafold" can also connect to 1 database that is not named: "other". The role has the privileges of PUBLIC there. ' +
        'To revoke CONNECT, first grant it to all other roles that need it, then run: REVOKE CONNECT ON DATABASE "other" FROM PUBLIC;',
    ],
    undefined,
  ]);
  expect((await furtherAccess({}))[0]![0]).toMatch(
    /2 databases that are not named: "other", "third"\. .* REVOKE CONNECT ON DATABASE "third" FROM PUBLIC; REVOKE CONNECT ON DATABASE "third" FROM "datafold";$/,
  );
  await server.sql(
    'REVOKE CONNECT ON DATABASE other FROM PUBLIC; REVOKE CONNECT ON DATABASE third FROM PUBLIC, datafold',
  );
  expect(await furtherAccess({})).toEqual([[]]);
});
