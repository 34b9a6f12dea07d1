import { setTimeout as sleep } from 'node:timers/promises';
import { scriptOf } from '../../cli/support/run';
import { runPsqlScript } from '../../support/psql-script';
import { ACCESS, OWNER, PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

// An attacker with Datafold's password creates code before the removal, and an accomplice uses the code afterwards.
const server = withServer({ settings: { autovacuum_naptime: '1s', wal_level: 'logical' } });
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const renamed = { owner: { ...OWNER, id: 'id2' }, access: { roleName: 'datafold2' } };
const eve = { user: 'eve', password: 'eve' };
/** The stack names only the first one. */
const DATABASES = ['app', 'other'];
const since = (version: number, sql: string) =>
  server.postgres.versionNum >= version * 10_000 ? sql : 'SELECT 1';

/** Code that records the role it runs as, with volatile work in a function that is declared immutable. */
const note = (what: string) => `BEGIN INSERT INTO spy.ran VALUES ('${what}', current_user);`;
const spying = (schema: string, what: string, options = 'SECURITY DEFINER', result = 'RETURN $1;') =>
  `CREATE FUNCTION ${schema}.${what}(int) RETURNS int LANGUAGE plpgsql IMMUTABLE ${options} AS $$ BEGIN PERFORM ${schema}.note_${what}(); ${result} END $$;
   CREATE FUNCTION ${schema}.note_${what}() RETURNS void LANGUAGE plpgsql AS $$ ${note(what)} END $$`;

/** All objects that can contain code or make code run. */
const arsenal = (schema: string) => [
  ...['func', 'guarded', 'made', 'domain_check', 'checked', 'cast_to', 'plus', 'rowed'].map((what) =>
    spying(schema, what),
  ),
  ...['indexed', 'partial', 'counted'].map((what) => spying(schema, what, '')), // runs as the owner of the table in ANALYZE
  since(
    11,
    `CREATE PROCEDURE ${schema}.proc() LANGUAGE plpgsql SECURITY DEFINER AS $$ ${note('proc')} END $$`,
  ),
  `CREATE VIEW ${schema}.peek AS SELECT * FROM hr.salaries`,
  `CREATE MATERIALIZED VIEW ${schema}.copied AS SELECT ${schema}.func(1)`,
  `CREATE TABLE ${schema}.ruled (i int)`,
  `CREATE RULE also AS ON INSERT TO ${schema}.ruled DO ALSO INSERT INTO hr.salaries VALUES ('eve', new.i)`,
  `CREATE FUNCTION ${schema}.fired() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ ${note('fired')} RETURN NEW; END $$`,
  `CREATE TABLE ${schema}.trap (i int DEFAULT ${schema}.made(1), j int CHECK (${schema}.checked(j) = j))`,
  `CREATE TRIGGER fired BEFORE INSERT ON ${schema}.trap FOR EACH ROW EXECUTE PROCEDURE ${schema}.fired()`,
  `CREATE TABLE ${schema}.filtered (i int); INSERT INTO ${schema}.filtered VALUES (1); ALTER TABLE ${schema}.filtered ENABLE ROW LEVEL SECURITY`,
  `CREATE POLICY p ON ${schema}.filtered USING (${schema}.guarded(i) = i)`,
  since(
    12,
    `CREATE TABLE ${schema}.generated (i int, g int GENERATED ALWAYS AS (${schema}.rowed(i)) STORED)`,
  ),
  `CREATE TABLE ${schema}.vacuumed (i int) WITH (autovacuum_analyze_threshold = 1, autovacuum_analyze_scale_factor = 0)`,
  `CREATE INDEX ON ${schema}.vacuumed (${schema}.indexed(i)); CREATE INDEX ON ${schema}.vacuumed (i) WHERE ${schema}.partial(i) > 0`,
  since(14, `CREATE STATISTICS ${schema}.stats ON (${schema}.counted(i)), i FROM ${schema}.vacuumed`),
  `CREATE DOMAIN ${schema}.small AS int CHECK (${schema}.domain_check(VALUE) = VALUE)`,
  `CREATE TYPE ${schema}.pair AS (x int)`,
  `CREATE FUNCTION ${schema}.casting(${schema}.pair) RETURNS bytea LANGUAGE plpgsql SECURITY DEFINER AS $$ ${note('cast')} RETURN NULL; END $$`,
  `CREATE CAST (${schema}.pair AS bytea) WITH FUNCTION ${schema}.casting(${schema}.pair)`,
  `CREATE OPERATOR ${schema}.### (rightarg = int, procedure = ${schema}.plus)`,
  `CREATE AGGREGATE ${schema}.total(int) (sfunc = int4pl, stype = int)`,
  `CREATE AGGREGATE ${schema}."total()"(int) (sfunc = int4pl, stype = int)`,
  `CREATE AGGREGATE ${schema}.all_of(*) (sfunc = int8inc, stype = int8, initcond = '0')`,
  `CREATE AGGREGATE ${schema}.sorted(int ORDER BY int) (sfunc = int4pl, stype = int)`,
  `CREATE TYPE ${schema}.span AS RANGE (subtype = int)`,
  `CREATE TEXT SEARCH DICTIONARY ${schema}.dict (TEMPLATE = simple)`,
  `CREATE COLLATION ${schema}.coll (LOCALE = 'C')`,
  `CREATE SEQUENCE ${schema}.seq`,
  ...['ruled', 'trap', 'filtered', 'vacuumed', 'peek'].map(
    (name) => `GRANT ALL ON ${schema}.${name} TO PUBLIC`,
  ),
  since(12, `GRANT ALL ON ${schema}.generated TO PUBLIC`),
];
/** Objects that only a superuser can create, and may have given to the role. */
const gifts = (schema: string) => `
  CREATE TYPE ${schema}.base; CREATE FUNCTION ${schema}.base_in(cstring) RETURNS ${schema}.base LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
  CREATE FUNCTION ${schema}.base_out(${schema}.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
  CREATE TYPE ${schema}.base (INPUT = ${schema}.base_in, OUTPUT = ${schema}.base_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4);
  CREATE FUNCTION ${schema}.compare(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
  CREATE OPERATOR CLASS ${schema}.ops FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 ${schema}.compare(int, int);
  ALTER TYPE ${schema}.base OWNER TO datafold; ALTER FUNCTION ${schema}.base_in(cstring) OWNER TO datafold; ALTER FUNCTION ${schema}.base_out(${schema}.base) OWNER TO datafold;
  ALTER FUNCTION ${schema}.compare(int, int) OWNER TO datafold; ALTER OPERATOR CLASS ${schema}.ops USING btree OWNER TO datafold; ALTER OPERATOR FAMILY ${schema}.ops USING btree OWNER TO datafold`;

/** Statements of a role without rights that make the code run: [statement, who records itself]. */
const uses: readonly [string, string][] = [
  ['SELECT public.func(1)', 'func'],
  ['INSERT INTO public.trap (j) VALUES (1)', 'fired'],
  ['INSERT INTO public.trap VALUES (DEFAULT, 1)', 'made'],
  ['INSERT INTO public.trap (j) VALUES (2)', 'checked'],
  ['SELECT * FROM public.filtered', 'guarded'],
  ['SELECT 1::public.small', 'domain_check'],
  ['SELECT ROW(1)::public.pair::bytea', 'cast'],
  ['SELECT OPERATOR(public.###) 1', 'plus'],
];

beforeAll(async () => {
  await server.sql(`CREATE ROLE eve LOGIN PASSWORD 'eve'; CREATE ROLE hr`, 'postgres', server.postgres.admin);
});
beforeEach(async () => {
  for (const database of DATABASES) {
    await server.freshDatabase(database);
    await server.sql(
      `CREATE SCHEMA hr AUTHORIZATION hr; CREATE TABLE hr.salaries (who text, amount int); ALTER TABLE hr.salaries OWNER TO hr;
       CREATE SCHEMA spy; GRANT USAGE ON SCHEMA spy TO PUBLIC; CREATE TABLE spy.ran (what text, ran_as name); GRANT INSERT, SELECT ON spy.ran TO PUBLIC;
       GRANT CREATE ON SCHEMA public TO PUBLIC`, // the default up to PostgreSQL 14
      database,
    );
  }
  await succeed(requests().apply());
});
afterEach(async () => {
  for (const database of DATABASES) await server.sql('DROP SCHEMA public CASCADE', database);
  await succeed(requests().remove());
});

const owned = `SELECT pg_describe_object(classid, objid, 0) || ' of ' || pg_get_userbyid(refobjid) AS object FROM pg_shdepend
  WHERE deptype = 'o' AND pg_get_userbyid(refobjid) <> 'datafold' AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))`;
const ownedByOthers = async (database = 'app') =>
  (await server.sql(owned, database))
    .map(({ object }) => String(object))
    .filter((object) => !/datafold_tmp|^default privileges/.test(object));

/** Eve sends all statements that make the code run. */
async function useAll(database: string): Promise<void> {
  for (const [statement, what] of uses) {
    await server.sql(statement, database, eve);
    expect(await server.sql(`SELECT DISTINCT ran_as FROM spy.ran WHERE what = '${what}'`, database)).toEqual([
      { ran_as: 'datafold' },
    ]);
  }
  if (server.postgres.versionNum >= 110000) await server.sql('CALL public.proc()', database, eve);
  if (server.postgres.versionNum >= 120000)
    await server.sql('INSERT INTO public.generated VALUES (1)', database, eve);
  for (const statement of ['SELECT * FROM public.peek', 'INSERT INTO public.ruled VALUES (1)'])
    await expect(server.sql(statement, database, eve)).rejects.toMatchObject({ code: '42501' });
  await server.sql('INSERT INTO public.vacuumed SELECT generate_series(1, 1000)', database, eve);
}

const ranAs = async (database: string) =>
  (await server.sql('SELECT DISTINCT ran_as FROM spy.ran ORDER BY 1', database)).map((row) => row.ran_as);

/** The role makes its code in its temp schema, and in the schema public of each database. */
async function attack(): Promise<void> {
  await server.sql('GRANT USAGE ON SCHEMA hr TO datafold; GRANT SELECT ON hr.salaries TO datafold', 'other');
  await server.sql(arsenal('datafold_tmp').join(';\n'), 'app', datafold);
  for (const database of DATABASES) await server.sql(arsenal('public').join(';\n'), database, datafold);
}

/** Removes the role, and lets eve and autovacuum use what it made: the code runs with its rights, which are none, or those of eve. */
async function expectHarmlessAfter(remove: () => Promise<unknown>): Promise<void> {
  const before = await Promise.all(DATABASES.map(ownedByOthers));
  await remove();
  expect(await server.schemaExists('datafold_tmp', 'app')).toBe(false);
  expect(await Promise.all(DATABASES.map(ownedByOthers))).toEqual(before);
  await expect(server.sql('SELECT 1', 'app', datafold)).rejects.toMatchObject({ code: '28P01' });

  for (const database of DATABASES) {
    await server.sql('TRUNCATE spy.ran', database);
    await useAll(database);
  }
  const vacuumed = `SELECT FROM spy.ran WHERE what = 'indexed' AND ran_as = 'datafold'`;
  for (const database of DATABASES) {
    for (const end = Date.now() + 40_000; (await server.sql(vacuumed, database)).length === 0;) {
      if (Date.now() > end) throw new Error('autovacuum did not analyze the table');
      await sleep(500);
    }
    expect(await ranAs(database)).toEqual(['datafold', 'eve']);
    expect(await server.sql('SELECT * FROM hr.salaries', database)).toEqual([]);
  }
}

test.each(['alone', 'given what only a superuser can make'])(
  'nothing that the role made, %s, ever runs with the rights of another role after its removal, in a database that the stack names or not',
  async (how) => {
    await attack();
    if (how !== 'alone')
      for (const schema of ['datafold_tmp', 'public']) await server.sql(gifts(schema), 'app');
    await expectHarmlessAfter(async () => {
      const { notices } = await succeed(requests().remove());
      expect(notices).toEqual([expect.stringMatching(/^Role "datafold" is kept without login, /)]);
    });
  },
);

test('nothing that the role made ever runs with the rights of another role after the printed script has removed it', async () => {
  const { admin, connect } = server.postgres;
  const script = async (...args: string[]) =>
    runPsqlScript(await scriptOf([...DATABASES.flatMap((name) => ['--database', name]), ...args]), {
      connect: async (database) => connect(admin, database),
      password: PASSWORD,
    });
  await succeed(requests().remove());
  await script();
  await attack();
  await expectHarmlessAfter(async () => script('--remove'));
  for (const database of DATABASES) await server.sql('DROP OWNED BY datafold CASCADE', database);
  await server.sql('DROP ROLE datafold');
});

test('code in a reused temp schema does not run after the role was renamed', async () => {
  await server.sql(arsenal('datafold_tmp').join(';\n'), 'app', datafold);
  await succeed(requests().apply({ ...renamed, previous: ACCESS }));
  const before = await ownedByOthers();
  await succeed(requests().remove());
  expect(await ownedByOthers()).toEqual(before);
  const left = await server.sql(
    `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'datafold_tmp'::regnamespace
     UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'datafold_tmp'::regnamespace
     UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'datafold_tmp'::regnamespace
     UNION ALL SELECT 'cast' FROM pg_cast WHERE oid >= 16384`,
    'app',
  );
  expect(left).toEqual([]);
  expect(await server.roleExists('datafold')).toBe(false);
  await succeed(requests().remove(renamed));
});

test('the role cannot create what only superusers may create', async () => {
  const tries = [
    'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE PROCEDURE datafold_tmp.e()',
    `CREATE OPERATOR CLASS datafold_tmp.ops FOR TYPE int USING btree AS OPERATOR 1 <`,
    `CREATE FUNCTION datafold_tmp.c() RETURNS int LANGUAGE internal AS 'int4in'`,
    'CREATE PUBLICATION p',
    'CREATE FOREIGN DATA WRAPPER w',
  ];
  await server.sql(
    `CREATE FUNCTION datafold_tmp.e() RETURNS event_trigger LANGUAGE plpgsql AS $$ ${note('event')} END $$`,
    'app',
    datafold,
  );
  for (const statement of tries)
    await expect(server.sql(statement, 'app', datafold)).rejects.toMatchObject({ code: '42501' });
});

test('a publication, a foreign server and default privileges are dropped or kept with the role', async () => {
  await server.sql(
    `GRANT CREATE ON DATABASE app TO datafold; CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO datafold`,
    'app',
  );
  await server.sql(
    `CREATE TABLE datafold_tmp.t (i int); CREATE PUBLICATION p FOR TABLE datafold_tmp.t; CREATE SERVER far FOREIGN DATA WRAPPER w;
     CREATE USER MAPPING FOR datafold SERVER far; CREATE FOREIGN TABLE datafold_tmp.f (i int) SERVER far; SELECT lo_create(77);
     ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO eve; CREATE SCHEMA nest; CREATE TABLE nest.egg (i int)`,
    'app',
    datafold,
  );
  await server.sql('REVOKE USAGE ON FOREIGN DATA WRAPPER w FROM datafold', 'app'); // the administrator may not
  const before = await ownedByOthers();
  const [notice] = (await succeed(requests().remove())).notices;
  expect(notice).toContain(
    'it owns large object 77, publication p, schema nest, server far, table nest.egg in database "app".',
  );
  expect(await ownedByOthers()).toEqual(before);
  expect(await server.schemaExists('datafold_tmp', 'app')).toBe(false);
  await server.sql('DROP OWNED BY datafold', 'app');
});
