import type { ExcludeRequest, LogExclusions } from '../../../lib/private/wire/sql';
import { requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const NOBODY: LogExclusions = { roles: [], databases: [] };

const request = (
  desired: Partial<LogExclusions>,
  previousExclusions: Partial<LogExclusions> = {},
): ExcludeRequest => {
  const { server: address, admin } = requestsTo(server.postgres).remove();
  return {
    operation: 'exclude-from-log',
    server: address,
    admin,
    maintenanceDatabase: 'postgres',
    desired: { ...NOBODY, ...desired },
    previousExclusions: { ...NOBODY, ...previousExclusions },
  };
};

/** As RDS may allow: the administrator may set the parameter. */
const allow = async () =>
  server.sql(
    server.postgres.versionNum >= 150000
      ? `GRANT SET ON PARAMETER log_statement TO "${server.postgres.admin.user}"`
      : `ALTER ROLE "${server.postgres.admin.user}" SUPERUSER`, // before PostgreSQL 15, only a superuser may
  );

const settings = async () =>
  server.sql(
    `SELECT coalesce(rolname, datname) AS name, setconfig AS set FROM pg_db_role_setting
     LEFT JOIN pg_roles r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase
     WHERE coalesce(rolname, datname) <> ALL ('{postgres,rdsadmin}') ORDER BY 1`,
  );

beforeAll(async () => {
  await server.freshDatabase('app');
  const { admin } = server.postgres;
  await server.sql(
    `CREATE ROLE "E't L" LOGIN PASSWORD 'x'; CREATE ROLE quiet; CREATE ROLE loud`,
    'postgres',
    admin,
  );
});

test('an administrator without the privilege gets an error, and nothing changes', async () => {
  const before = await settings();
  expect(await fail(request({ databases: ['app'] }))).toMatchObject({
    code: '42501',
    message: `ALTER DATABASE "app" SET log_statement = 'NONE' failed: permission denied to set parameter "log_statement" (42501). The administrator may not set log_statement for other roles. Ask a superuser to run GRANT SET ON PARAMETER log_statement TO the administrator (PostgreSQL 15 and later) or the statement itself, or remove the exclusions, then deploy again.`,
  });
  expect(await settings()).toEqual(before);
});

describe('an administrator with the privilege', () => {
  const all = { roles: ["E't L"], databases: ['app'] };
  let before: unknown;
  beforeAll(async () => {
    await allow();
    await server.sql(
      "ALTER ROLE \"E't L\" SET work_mem = '5MB'; ALTER ROLE quiet SET log_statement = 'none'",
    );
    before = await settings();
  });

  test('excludes roles and databases from the log, idempotently', async () => {
    expect(await succeed(request(all))).toMatchObject({ statements: 2, notices: [] });
    expect(await succeed(request(all))).toMatchObject({ statements: 0, notices: [] });
    const login = { user: "E't L", password: 'x' };
    expect(await server.sql('SHOW log_statement', 'postgres', login)).toEqual([{ log_statement: 'none' }]);
    expect(await server.sql('SHOW log_statement', 'app')).toEqual([{ log_statement: 'none' }]);
  });

  test('resets the setting of a name that is no longer excluded, and restores the original state', async () => {
    expect(await succeed(request({ databases: ['app'] }, all))).toMatchObject({ statements: 1 });
    expect(await succeed(request({}, all))).toMatchObject({ statements: 1 });
    expect(await settings()).toEqual(before);
    expect(await succeed(request({}, { roles: ['gone'], databases: ['gone'] }))).toMatchObject({
      statements: 0,
    });
  });

  test('does not change an existing setting, with a notice', async () => {
    const { notices } = await succeed(request({ roles: ['quiet'] }));
    expect(notices).toEqual(['The role "quiet" was already excluded from the log.']);
    const { notices: later } = await succeed(request({}, { roles: ['quiet'] }));
    expect(later).toEqual(['The role "quiet" keeps log_statement=none, which another role has set.']);
    expect(await settings()).toEqual(before);
  });

  test('changes nothing if one name does not exist or has another value', async () => {
    await server.sql("ALTER ROLE loud SET log_statement = 'all'");
    expect(await fail(request({ roles: ["E't L", 'loud', 'nobody'] }))).toMatchObject({
      message:
        'Excluding roles and databases from the statement log failed: role "loud" has log_statement=all set; role "nobody" does not exist. Create what does not exist, reset the log_statement that is set, or remove the name from the exclusions, then deploy again.',
    });
    await server.sql('ALTER ROLE loud RESET log_statement');
    expect(await settings()).toEqual(before);
  });
});
