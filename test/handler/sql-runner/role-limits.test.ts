import type { AccessSpec } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const both = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };

/** The connection limit of the role, and its settings per database. */
const limits = async () => {
  const [{ limit, settings, comment }] = await server.sql(
    `SELECT rolconnlimit AS limit, shobj_description(r.oid, 'pg_authid') AS comment,
            ARRAY(SELECT coalesce(d.datname, '*') || ': ' || array_to_string(setconfig, ' ') FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
                  WHERE s.setrole = r.oid ORDER BY 1) AS settings
     FROM pg_roles r WHERE rolname = 'datafold'`,
  );
  return { limit, settings, comment };
};
const timeout = async (database: string) =>
  (await server.sql('SHOW statement_timeout', database, datafold))[0].statement_timeout;

beforeEach(async () => {
  for (const name of ['app', 'dwh']) await server.freshDatabase(name);
  await server.sql('DROP ROLE IF EXISTS datafold');
});

const apply = (access: Partial<AccessSpec>, previous?: Partial<AccessSpec>) =>
  succeed(
    requests().apply({
      access,
      ...(previous && { previous: { ...requests().apply().access, ...previous } }),
    }),
  );

describe('a role that a run created', () => {
  test('is created with its limits, and a second run writes nothing', async () => {
    const access = { ...both, connectionLimit: 5, statementTimeout: 60_000 };
    await apply(access);
    expect(await limits()).toMatchObject({
      limit: 5,
      settings: ['app: statement_timeout=+60000 ms', 'dwh: statement_timeout=+60000 ms'],
    });
    expect(await timeout('app')).toBe('1min');
    expect((await apply(access)).statements).toBe(0);
    await succeed(requests().remove({ access }));
    expect(await server.roleExists('datafold')).toBe(false);
    expect(
      await server.sql('SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase'),
    ).toEqual([]);
  });

  test('is set up and verified in several databases with a single connection', async () => {
    const access = { ...both, connectionLimit: 1 };
    const started = Date.now();
    for (const databases of [await apply(access), await apply(access)].map((report) => report.databases))
      expect(databases.flatMap(({ steps }) => steps.map(({ ok }) => ok))).not.toContain(false);
    expect(Date.now() - started).toBeLessThan(30_000); // no wait timed out
    await succeed(requests().remove({ access }));
  });

  test('follows the desired limits and loses them with the props; manual changes are overwritten', async () => {
    await apply({ ...both });
    expect(await limits()).toMatchObject({ limit: -1, settings: [] });
    const first = { ...both, connectionLimit: 5, statementTimeout: 60_000 };
    await apply(first, both);
    const second = { databases: [{ databaseName: 'dwh' }], connectionLimit: 7, statementTimeout: 1_500 };
    await apply(second, first);
    expect(await limits()).toMatchObject({ limit: 7, settings: ['dwh: statement_timeout=+1500 ms'] });
    await server.sql(
      'ALTER ROLE datafold CONNECTION LIMIT 100; ALTER ROLE datafold IN DATABASE dwh RESET ALL',
    );
    expect((await succeed(requests().plan({ access: second }))).planned).toEqual([
      { databaseName: 'postgres', statement: 'ALTER ROLE "datafold" CONNECTION LIMIT 7' },
      {
        databaseName: 'postgres',
        statement: `ALTER ROLE "datafold" IN DATABASE "dwh" SET statement_timeout = '+1500 ms'`,
      },
    ]);
    await apply(second);
    expect(await limits()).toMatchObject({ limit: 7, settings: ['dwh: statement_timeout=+1500 ms'] });
    await apply({ ...both }, second);
    expect(await limits()).toMatchObject({ limit: -1, settings: [] });
    await succeed(requests().remove({ access: both }));
  });
});

describe('an adopted role', () => {
  const adopted = { ...both, adoptExisting: true };
  const make = (comment: string | null, limit: number) =>
    server.sql(
      `CREATE ROLE datafold LOGIN CONNECTION LIMIT ${limit} PASSWORD '${PASSWORD}'; GRANT datafold TO master WITH ADMIN OPTION;
       COMMENT ON ROLE datafold IS ${comment === null ? 'NULL' : `'${comment}'`};
       ALTER ROLE datafold SET statement_timeout = '9s'; ALTER ROLE datafold IN DATABASE dwh SET work_mem = '8MB'`,
    );

  test.each([
    ['without a comment and a limit', null, -1],
    ['with a comment and a limit of its own', `of the "data" team's`, 3],
    ['that has the limit that is wanted', 'x', 5],
  ])('%s gets back what it had when the props go, and on removal', async (_what, comment, limit) => {
    await make(comment && comment.replaceAll("'", "''"), limit);
    const before = await limits();
    const access = { ...adopted, connectionLimit: 5, statementTimeout: 60_000 };
    for (const end of ['props', 'removal']) {
      await apply(access);
      expect(await limits()).toMatchObject({
        limit: 5,
        settings: [
          '*: statement_timeout=9s',
          'app: statement_timeout=+60000 ms',
          'dwh: work_mem=8MB statement_timeout=+60000 ms',
        ],
      });
      expect((await apply(access)).statements).toBe(0);
      await apply({ ...access, connectionLimit: 6 }, access);
      expect((await limits()).limit).toBe(6);
      await apply(access, { ...access, connectionLimit: 6 });
      expect(await timeout('app')).toBe('1min');
      if (end === 'props') await apply(adopted, access);
      else await succeed(requests().remove({ access }));
      const after = await limits();
      if (end === 'props')
        after.comment = String(after.comment).replace(/ \[cdk-datafold-postgres \{.*\}\]$/, '') || null; // it is still used
      expect(after).toEqual(before);
      expect(await timeout('app')).toBe('9s');
    }
  });

  test('keeps a statement_timeout that another role set for a database, and a limit that was changed meanwhile', async () => {
    await make(null, -1);
    await server.sql("ALTER ROLE datafold IN DATABASE app SET statement_timeout = '2s'");
    const access = { ...adopted, connectionLimit: 5, statementTimeout: 60_000 };
    const { notices } = await apply(access);
    expect(notices).toContain(
      'Role "datafold" keeps statement_timeout=2s in database "app", which another role has set.',
    );
    await server.sql('ALTER ROLE datafold CONNECTION LIMIT 50');
    await succeed(requests().remove({ access }));
    expect(await limits()).toEqual({
      limit: 50,
      settings: ['*: statement_timeout=9s', 'app: statement_timeout=2s', 'dwh: work_mem=8MB'],
      comment: null,
    });
  });
});
