import { requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const access = { databases: [{ databaseName: 'app', excludeSchemas: ['hidden'] }] };

async function caveats() {
  const { databases } = await succeed(requests().verify({ access }));
  expect(databases[0].steps.filter(({ ok }) => !ok)).toEqual([]);
  return databases[0].caveats;
}

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE SCHEMA s; CREATE TABLE s.plain (id int); CREATE VIEW s.view WITH (security_barrier, check_option = local) AS SELECT * FROM s.plain;
     CREATE MATERIALIZED VIEW s.full AS SELECT 1 AS one; CREATE SCHEMA hidden; CREATE TABLE hidden.h (id int)`,
    'app',
    server.postgres.admin,
  );
  await succeed(requests().apply({ access }));
});
afterEach(async () => {
  await server.sql('ALTER ROLE datafold NOBYPASSRLS');
  await succeed(requests().remove({ access }));
});

test('tables, views and materialized views that can be read as they are need no word', async () => {
  expect(await caveats()).toEqual([]);
});

test('row-level security without a policy for the role is told, and not with one or without the need of any', async () => {
  await server.sql(
    `CREATE TABLE s.r1 (id int); CREATE TABLE s.r2 (id int); CREATE TABLE s.r3 (id int); CREATE TABLE s."R 4" (id int);
     CREATE TABLE s.all_see (id int); CREATE POLICY p ON s.all_see USING (true);
     CREATE TABLE s.it_sees (id int); CREATE POLICY p ON s.it_sees FOR SELECT TO datafold USING (true);
     CREATE TABLE s.it_writes (id int); CREATE POLICY p ON s.it_writes FOR INSERT TO datafold WITH CHECK (true);
     DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relnamespace = 's'::regnamespace AND relkind = 'r' AND relname <> 'plain' LOOP
       EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t); END LOOP; END $$`,
    'app',
    server.postgres.admin,
  );
  expect(await caveats()).toEqual([
    'Database "app": 5 of the readable relations have row-level security and no policy for "datafold", so it sees no rows of them: "s"."R 4", "s"."it_writes", "s"."r1", …. ' +
      'Let the owner run, for each: CREATE POLICY "datafold" ON "s"."R 4" FOR SELECT TO "datafold" USING (true);',
  ]);
  await server.sql('ALTER ROLE datafold BYPASSRLS');
  expect(await caveats()).toEqual([]);
});

test('a materialized view that is not populated is told', async () => {
  await server.sql(
    'CREATE MATERIALIZED VIEW s.m AS SELECT 1 AS one WITH NO DATA',
    'app',
    server.postgres.admin,
  );
  expect(await caveats()).toEqual([
    'Database "app": 1 of the readable relations are materialized views that are not populated, so reading them fails: "s"."m". Run, for each: REFRESH MATERIALIZED VIEW "s"."m";',
  ]);
});

test('a view that reads as the reader what the role may not read is told', async () => {
  if (server.postgres.versionNum < 150000) return; // there are none
  await server.sql(
    `CREATE VIEW s.v WITH (security_invoker = on) AS SELECT * FROM hidden.h;
     CREATE VIEW s.harmless WITH (security_invoker) AS SELECT * FROM s.plain; CREATE VIEW s.off WITH (security_invoker = off) AS SELECT * FROM hidden.h`,
    'app',
    server.postgres.admin,
  );
  expect(await caveats()).toEqual([
    'Database "app": 1 of the readable relations are views with security_invoker on relations that "datafold" may not read, so reading them fails: "s"."v". Let it read those too, or exclude the views.',
  ]);
});

test('foreign tables without a user mapping are told where a server has mappings', async () => {
  await server.sql(
    `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER without FOREIGN DATA WRAPPER w; CREATE SERVER needs FOREIGN DATA WRAPPER w;
     CREATE FOREIGN TABLE s.file (id int) SERVER without; CREATE FOREIGN TABLE s.far (id int) SERVER needs;
     GRANT SELECT ON s.file, s.far TO datafold; CREATE USER MAPPING FOR master SERVER needs OPTIONS (password 'secret')`,
    'app',
  );
  expect(await caveats()).toEqual([
    'Database "app": 1 of the readable relations are foreign tables on servers without a user mapping for "datafold", so reading them fails: "s"."far". Run CREATE USER MAPPING FOR "datafold" for each server.',
  ]);
  await server.sql('CREATE USER MAPPING FOR datafold SERVER needs', 'app');
  expect(await caveats()).toEqual([]);
  await server.sql('DROP FOREIGN DATA WRAPPER w CASCADE', 'app');
});

test('a deployment goes through with them', async () => {
  await server.sql(
    'CREATE MATERIALIZED VIEW s.m AS SELECT 1 AS one WITH NO DATA',
    'app',
    server.postgres.admin,
  );
  await succeed(requests().apply({ access }));
});
