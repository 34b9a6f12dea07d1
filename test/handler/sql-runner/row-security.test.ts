import { requestsTo } from '../../support/requests';
import { rowSecurity } from '../../support/row-security';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const { asAdmin, rowsOf, table, verified } = rowSecurity(server);

const MAY_HIDE = (count: number, of: number) =>
  `${of} of ${of} relations in 2 schemas can be read. Rows of ${count} may be hidden by row-level security.`;
const stepOf = async () => (await verified()).steps.find(({ step }) => step === 'schema_download')!;

test('a table without row-level security, or whose policy obviously shows all rows, is not reported', async () => {
  await table('open', 'CREATE POLICY p ON USING (true)');
  await table('for_role', 'CREATE POLICY p ON FOR SELECT TO datafold USING (true)');
  await table('by_name', 'CREATE POLICY p ON USING (current_user = $$datafold$$)');
  await table('or_name', 'CREATE POLICY p ON USING (current_user = $$datafold$$ OR tenant = 1)');
  await table('two', 'CREATE POLICY p ON USING (true)', 'CREATE POLICY q ON USING (tenant = 1)');
  await table(
    'to_others',
    'CREATE POLICY p ON USING (true)',
    'CREATE POLICY q ON AS RESTRICTIVE TO master USING (false)',
  );
  await table(
    'writes',
    'CREATE POLICY p ON USING (true)',
    'CREATE POLICY q ON AS RESTRICTIVE FOR UPDATE USING (false)',
  );
  expect(await verified()).toMatchObject({ filteredCount: 0, filtered: [], failingCount: 0, failing: [] });
  const names = ['plain', 'open', 'for_role', 'by_name', 'or_name', 'two', 'to_others', 'writes'];
  expect(await rowsOf(...names)).toEqual(Object.fromEntries(names.map((name) => [name, 9])));
});

test('a table whose policies may hide rows is named with a statement that shows all rows', async () => {
  await server.sql(`CREATE FUNCTION s.mine(int) RETURNS bool LANGUAGE sql STABLE AS 'SELECT $1 = 1'`, 'app');
  await table('none');
  await table('"Writes 1"', 'CREATE POLICY datafold ON FOR INSERT TO datafold WITH CHECK (true)');
  await table(
    'quiet',
    `CREATE POLICY p ON USING (tenant = nullif(current_setting('app.tenant', true), '')::int)`,
  );
  await table('loud', `CREATE POLICY p ON USING (tenant = current_setting('app.tenant')::int)`);
  await table('by_user', 'CREATE POLICY p ON USING (current_user = $$somebody$$)');
  await table('by_function', 'CREATE POLICY p ON USING (s.mine(tenant))');
  await table(
    'not_first',
    'CREATE POLICY p ON USING (tenant = 1 AND (current_user = $$datafold$$ OR tenant = 2))',
  );
  const policy = (name: string, policyName = 'datafold') =>
    `CREATE POLICY "${policyName}" ON "s"."${name}" FOR SELECT TO "datafold" USING (true);`;
  const decides = (name: string) => ({
    relation: `"s"."${name}"`,
    reason: `policies of "s"."${name}" for "datafold" decide which rows it sees`,
    next: policy(name),
  });
  const database = await verified();
  expect(database.filteredCount).toBe(7);
  expect(database.filtered).toEqual([
    {
      relation: '"s"."Writes 1"',
      reason: 'row-level security of "s"."Writes 1" shows no rows to "datafold"',
      next: policy('Writes 1', 'datafold_reads'),
    },
    decides('by_function'),
    decides('by_user'),
    decides('loud'),
    {
      relation: '"s"."none"',
      reason: 'row-level security of "s"."none" shows no rows to "datafold"',
      next: policy('none'),
    },
    decides('not_first'),
    decides('quiet'),
  ]);
  expect(await stepOf()).toMatchObject({ ok: true, message: MAY_HIDE(7, 8) });
  expect(await rowsOf('none', '"Writes 1"', 'quiet', 'loud', 'by_user', 'by_function', 'not_first')).toEqual({
    none: 0,
    '"Writes 1"': 0,
    quiet: 0,
    loud: '42704',
    by_user: 0,
    by_function: 3,
    not_first: 3,
  });
  for (const { next } of database.filtered!) await asAdmin(next);
  expect(await verified()).toMatchObject({ filteredCount: 0 });
  expect(await rowsOf('none', '"Writes 1"', 'quiet', 'by_user', 'by_function')).toEqual({
    none: 9,
    '"Writes 1"': 9,
    quiet: 9,
    by_user: 9,
    by_function: 9,
  });
});

test('a restrictive policy hides rows whatever permissive policies show, and the named statement shows them', async () => {
  await table(
    'open_but',
    'CREATE POLICY p ON USING (true)',
    'CREATE POLICY "No 1" ON AS RESTRICTIVE USING (tenant <> 1)',
  );
  await table('closed', 'CREATE POLICY r ON AS RESTRICTIVE FOR SELECT USING (tenant = 2)');
  const { filtered } = await verified();
  expect(filtered).toEqual([
    {
      relation: '"s"."closed"',
      reason: 'restrictive policies of "s"."closed" for "datafold" ("r") hide rows',
      next:
        `ALTER POLICY "r" ON "s"."closed" USING (current_user = 'datafold' OR ((tenant = 2))); ` +
        'CREATE POLICY "datafold" ON "s"."closed" FOR SELECT TO "datafold" USING (true);',
    },
    {
      relation: '"s"."open_but"',
      reason: 'restrictive policies of "s"."open_but" for "datafold" ("No 1") hide rows',
      next: `ALTER POLICY "No 1" ON "s"."open_but" USING (current_user = 'datafold' OR ((tenant <> 1)));`,
    },
  ]);
  expect(await rowsOf('open_but', 'closed')).toEqual({ open_but: 6, closed: 0 });
  for (const { next } of filtered!) await asAdmin(next);
  expect(await verified()).toMatchObject({ filteredCount: 0 });
  expect(await rowsOf('open_but', 'closed')).toEqual({ open_but: 9, closed: 9 });
});

test('a policy for a role applies to its members, and a table of that role hides nothing unless row-level security is forced', async () => {
  await server.sql(
    'CREATE ROLE team; GRANT team TO datafold; GRANT CREATE, USAGE ON SCHEMA s TO team',
    'app',
  );
  await table('for_team', 'CREATE POLICY p ON TO team USING (true)');
  await table('of_team');
  await table('forced', 'CREATE POLICY p ON TO team USING (tenant = 1)');
  await server.sql(
    'ALTER TABLE s.of_team OWNER TO team; ALTER TABLE s.forced OWNER TO team; ALTER TABLE s.forced FORCE ROW LEVEL SECURITY',
    'app',
  );
  expect((await verified()).filtered?.map(({ relation }) => relation)).toEqual(['"s"."forced"']);
  expect(await rowsOf('for_team', 'of_team', 'forced')).toEqual({ for_team: 9, of_team: 9, forced: 3 });
  await server.sql('DROP OWNED BY team; DROP ROLE team', 'app');
});

test('a role with BYPASSRLS sees all rows of tables', async () => {
  await table('none');
  await server.sql('ALTER ROLE datafold BYPASSRLS');
  expect(await verified()).toMatchObject({ filteredCount: 0 });
  expect(await rowsOf('none')).toEqual({ none: 9 });
});

test('a deployment succeeds if rows may be hidden, and fails at schema_download if onIncompleteRead is fail', async () => {
  await table('none');
  const { databases } = await succeed(requests().apply());
  expect(databases[0].steps.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  const strict = await succeed(requests().verify({ access: { onIncompleteRead: 'fail' } }));
  expect(strict.databases[0].steps[2]).toEqual({
    step: 'schema_download',
    ok: false,
    message: MAY_HIDE(1, 2),
  });
});

test('a policy that fails is named even if another one shows all rows to the role, but not beside a policy that is true', async () => {
  const fails = `CREATE POLICY p2 ON USING (tenant = current_setting('app.tenant')::int)`;
  await table('by_name', 'CREATE POLICY p1 ON USING (current_user = $$datafold$$)', fails);
  await table('open', 'CREATE POLICY p1 ON USING (true)', fails);
  const { filtered } = await verified();
  expect(filtered).toEqual([
    {
      relation: '"s"."by_name"',
      reason: 'policies of "s"."by_name" for "datafold" decide which rows it sees',
      next: 'CREATE POLICY "datafold" ON "s"."by_name" FOR SELECT TO "datafold" USING (true);',
    },
  ]);
  expect(await rowsOf('by_name', 'open')).toEqual({ by_name: '42704', open: 9 });
  await asAdmin(filtered![0].next);
  expect(await rowsOf('by_name')).toEqual({ by_name: 9 });
});
