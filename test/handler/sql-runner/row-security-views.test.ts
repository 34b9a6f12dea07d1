import { requestsTo } from '../../support/requests';
import { rowSecurity } from '../../support/row-security';
import { testSince } from '../../support/since';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const { asAdmin, rowsOf, table, verified } = rowSecurity(server);

test('the policies of a partition apply when it is read directly, not when it is read through its parent', async () => {
  await asAdmin(
    `CREATE TABLE s.parent (id int, tenant int) PARTITION BY LIST (tenant); CREATE TABLE s.one PARTITION OF s.parent FOR VALUES IN (1);
     INSERT INTO s.parent SELECT g, 1 FROM generate_series(1, 9) g; ALTER TABLE s.one ENABLE ROW LEVEL SECURITY;
     CREATE TABLE s.shut (id int, tenant int) PARTITION BY LIST (tenant); CREATE TABLE s.two PARTITION OF s.shut FOR VALUES IN (1);
     INSERT INTO s.shut SELECT g, 1 FROM generate_series(1, 9) g; ALTER TABLE s.shut ENABLE ROW LEVEL SECURITY`,
  );
  await succeed(requests().apply());
  expect((await verified()).filtered?.map(({ relation }) => relation)).toEqual(['"s"."one"', '"s"."shut"']);
  expect(await rowsOf('parent', 'one', 'shut', 'two')).toEqual({ parent: 9, one: 0, shut: 0, two: 9 });
});

test('under a view, the policies for the owner of the view apply, and the named statement shows the rows only to the role', async () => {
  await server.sql('CREATE ROLE analyst; CREATE ROLE owner; GRANT analyst, owner TO master', 'app');
  await asAdmin('GRANT USAGE, CREATE ON SCHEMA s TO analyst, owner');
  await table(
    'hidden',
    'CREATE POLICY p ON TO analyst USING (tenant = 1)',
    'CREATE POLICY q ON TO datafold USING (true)',
  );
  await table(
    'open',
    'CREATE POLICY p ON TO datafold USING (tenant = 1)',
    'CREATE POLICY q ON TO analyst USING (true)',
  );
  await asAdmin(
    `GRANT SELECT ON s.hidden, s.open TO analyst; SET ROLE analyst;
     CREATE VIEW s.over_hidden AS SELECT * FROM s.hidden; CREATE VIEW s.over_open AS SELECT * FROM s.open;
     CREATE VIEW s.over_view AS SELECT * FROM s.over_hidden; RESET ROLE; CREATE VIEW s.of_owner AS SELECT * FROM s.hidden`,
  );
  await succeed(requests().apply());
  const { filtered } = await verified();
  const reason = 'policies of "s"."hidden" for "analyst" decide which rows it sees';
  const next = `ALTER POLICY "p" ON "s"."hidden" USING (current_user = 'datafold' OR ((tenant = 1)));`;
  expect(filtered).toEqual([
    {
      relation: '"s"."open"',
      reason: 'policies of "s"."open" for "datafold" decide which rows it sees',
      next: 'CREATE POLICY "datafold" ON "s"."open" FOR SELECT TO "datafold" USING (true);',
    },
    { relation: '"s"."over_hidden"', reason, next },
    { relation: '"s"."over_view"', reason, next },
  ]);
  const names = ['hidden', 'open', 'over_hidden', 'over_open', 'over_view', 'of_owner'];
  const before = { hidden: 9, open: 3, over_hidden: 3, over_open: 9, over_view: 3, of_owner: 9 };
  expect(await rowsOf(...names)).toEqual(before);
  await asAdmin(next);
  expect((await verified()).filteredCount).toBe(1);
  expect(await rowsOf(...names)).toEqual({ ...before, over_hidden: 9, over_view: 9 });
  expect(await server.sql('SET ROLE analyst; SELECT count(*)::int AS rows FROM s.hidden', 'app')).toEqual([
    { rows: 3 },
  ]);
  await server.freshDatabase('app');
  await server.sql('DROP ROLE analyst; DROP ROLE owner');
});

testSince(15)('a view with security_invoker hides what the policies hide from the role', async () => {
  await table('none');
  await asAdmin(
    `CREATE VIEW s.v WITH (security_invoker) AS SELECT * FROM s.none; CREATE VIEW s.outer AS SELECT * FROM s.v; CREATE VIEW s.by_owner AS SELECT * FROM s.none`,
  );
  expect((await verified()).filtered?.map(({ relation }) => relation)).toEqual([
    '"s"."none"',
    '"s"."outer"',
    '"s"."v"',
  ]);
  expect(await rowsOf('none', 'v', 'outer', 'by_owner')).toEqual({ none: 0, v: 0, outer: 0, by_owner: 9 });
});

test('with row_security off, reading fails wherever row-level security applies', async () => {
  await table('open', 'CREATE POLICY p ON USING (true)');
  await server.sql('ALTER ROLE datafold SET row_security = off');
  const database = await verified();
  expect(database).toMatchObject({
    filteredCount: 0,
    failing: [
      {
        relation: '"s"."open"',
        reason:
          'row_security is off for "datafold", and row-level security of "s"."open" applies to "datafold"',
        next: 'ALTER ROLE "datafold" SET row_security = on;',
      },
    ],
    settings: [
      {
        setting: 'row_security',
        value: 'off',
        effect: 'reading fails wherever row-level security applies to the role',
        statement: 'ALTER ROLE "datafold" RESET row_security;',
      },
    ],
  });
  expect(await rowsOf('open', 'plain')).toEqual({ open: '42501', plain: 9 });
});

test('under a view, the statement for a table without policies, or with restrictive ones, compares current_user with the role', async () => {
  await server.sql(
    'CREATE ROLE reader; GRANT reader TO master; GRANT CREATE, USAGE ON SCHEMA s TO reader',
    'app',
  );
  await table('none');
  await table(
    'cut',
    'CREATE POLICY o ON USING (true)',
    'CREATE POLICY r ON AS RESTRICTIVE TO reader USING (tenant = 1)',
  );
  await asAdmin(
    `GRANT SELECT ON s.none, s.cut TO reader; SET ROLE reader; CREATE VIEW s.v AS SELECT * FROM s.none; CREATE VIEW s.w AS SELECT * FROM s.cut;
     RESET ROLE; CREATE POLICY d ON s.none TO datafold USING (true)`,
  );
  await succeed(requests().apply());
  const { filtered = [] } = await verified();
  expect(filtered.map(({ relation, next }) => [relation, next])).toEqual([
    [
      '"s"."v"',
      `CREATE POLICY "datafold" ON "s"."none" FOR SELECT TO "reader" USING (current_user = 'datafold');`,
    ],
    ['"s"."w"', `ALTER POLICY "r" ON "s"."cut" USING (current_user = 'datafold' OR ((tenant = 1)));`],
  ]);
  expect(await rowsOf('v', 'w')).toEqual({ v: 0, w: 3 });
  for (const { next } of filtered) await asAdmin(next);
  expect((await verified()).filteredCount).toBe(0);
  expect(await rowsOf('v', 'w')).toEqual({ v: 9, w: 9 });
  await server.freshDatabase('app');
  await server.sql('DROP ROLE reader');
});
