import { PASSWORD, requestsTo } from '../../support/requests';
import { testEachSince, testSince } from '../../support/since';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const is16 = () => server.postgres.versionNum >= 160000;
const by = (grantor: string) => (is16() ? ` GRANTED BY "${grantor}"` : '');

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC', 'app'); // as since PostgreSQL 15
});

/** Grants as a superuser, which PostgreSQL records as grants of the bootstrap superuser. */
const grant = (group: string, member: string) => server.sql(`GRANT ${group} TO ${member}`);

describe('an existing role', () => {
  const adopt = { access: { adoptExisting: true } };
  afterEach(async () => {
    await server.freshDatabase('app');
    await server.sql('DROP ROLE IF EXISTS datafold');
  });

  test.each([
    ['CREATEROLE', 'it has CREATEROLE', 'ALTER ROLE "datafold" NOCREATEROLE;'],
    ['REPLICATION', 'it has REPLICATION', 'ALTER ROLE "datafold" NOREPLICATION;'],
  ])('is refused with the attribute %s', async (attribute, what, statement) => {
    await server.sql(`CREATE ROLE datafold LOGIN ${attribute}`);
    expect(await fail(requests().apply(adopt))).toEqual({
      message: `The role "datafold" already exists and has far more rights than reading: ${what}. Run ${statement} Or choose another role name.`,
      code: '42501',
      retryable: false,
    });
  });

  testEachSince<[string, number]>(
    [
      ['pg_write_server_files', 11],
      ['pg_execute_server_program', 11],
      ['rds_superuser', 10],
      ['master', 10],
      ['helpers', 10],
    ],
    ([, since]) => since,
  )('is refused as a direct or indirect member of %s, also with NOINHERIT', async (group) => {
    await server.sql(`CREATE ROLE helpers; GRANT rds_superuser TO helpers`);
    await server.sql('CREATE ROLE datafold LOGIN NOINHERIT');
    await grant(group, 'datafold');
    const { message } = await fail(requests().apply(adopt));
    const further = group === 'helpers' ? ' and so of (.*, )?"rds_superuser"' : '';
    expect(message).toMatch(
      new RegExp(
        `^The role "datafold" already exists and has far more rights than reading: it is a member of "${group}"${further}\\. ` +
          `Run REVOKE "${group}" FROM "datafold"${by('rdsadmin')}; Or choose another role name\\.$`,
      ),
    );
    await server.sql(`REVOKE ${group} FROM datafold; DROP ROLE helpers`);
    expect((await server.sql(`SELECT FROM pg_auth_members WHERE member = 'datafold'::regrole`)).length).toBe(
      0,
    );
  });

  testEachSince<[string, number]>(
    [
      ['INHERIT FALSE, SET TRUE', 16],
      ['INHERIT FALSE, SET FALSE, ADMIN TRUE', 16],
    ],
    ([, since]) => since,
  )(
    'is refused as a member that gets the rights of the group by SET ROLE or the admin option alone: %s',
    async (options) => {
      await server.sql(`CREATE ROLE datafold LOGIN; GRANT rds_superuser TO datafold WITH ${options}`);
      expect(await fail(requests().apply(adopt))).toEqual({
        message:
          'The role "datafold" already exists and has far more rights than reading: it is a member of "rds_superuser". ' +
          'Run REVOKE "rds_superuser" FROM "datafold" GRANTED BY "rdsadmin"; Or choose another role name.',
        code: '42501',
        retryable: false,
      });
    },
  );

  testSince(14)('is used with memberships that only read, which a notice reports', async () => {
    await server.sql(`CREATE ROLE datafold LOGIN BYPASSRLS PASSWORD '${PASSWORD}'`);
    await grant('pg_read_all_data', 'datafold');
    if (is16()) await server.sql('GRANT datafold TO master WITH ADMIN OPTION');
    const { notices } = await succeed(requests().apply(adopt));
    expect(notices).toEqual([
      `The role "datafold" has more rights than this library grants: it has BYPASSRLS, it is a member of "pg_read_all_data". To revoke them, run: ALTER ROLE "datafold" NOBYPASSRLS; REVOKE "pg_read_all_data" FROM "datafold"${by('rdsadmin')};`,
    ]);
    await succeed(requests().remove(adopt));
  });
});

// Since PostgreSQL 16, only the creator of a role and those to whom it passes the admin option may grant the role.
testSince(16)('a weaker creator of an adopted role is reported, because it may become a member', async () => {
  const carol = { user: 'carol', password: 'carol' };
  const adopt = { access: { adoptExisting: true } };
  await server.sql(`CREATE ROLE carol LOGIN CREATEROLE PASSWORD 'carol'`);
  await server.sql(`CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'`, 'postgres', carol);
  const notice =
    'The role "datafold" was created by "carol", which can set its password and become a member at any time, and so read the same data. ' +
    'Only a superuser can end that: REVOKE "datafold" FROM "carol" GRANTED BY "rdsadmin"; Otherwise, use a role that the administrator creates.';
  await server.sql('CREATE TABLE secrets (id int)', 'app', server.postgres.admin);
  expect((await succeed(requests().apply(adopt))).notices).toEqual([notice]);
  await server.sql('REVOKE datafold FROM carol GRANTED BY rdsadmin');
  expect((await succeed(requests().apply(adopt))).notices).toEqual([]);
  await server.freshDatabase('app');
  await server.sql('DROP ROLE datafold; DROP ROLE carol');
});

test('later attributes, memberships and members of the role are reported by every run and by the verification', async () => {
  await server.sql(`CREATE ROLE eve LOGIN PASSWORD 'eve'`);
  expect((await succeed(requests().apply())).notices).toEqual([]);
  await grant('rds_superuser', 'datafold');
  await server.sql('GRANT datafold TO eve', 'postgres', server.postgres.admin);
  await server.sql('ALTER ROLE datafold REPLICATION');
  const power = [
    'The role "datafold" has more rights than this library grants: it has REPLICATION, it is a member of "rds_superuser"',
    `. To revoke them, run: ALTER ROLE "datafold" NOREPLICATION; REVOKE "rds_superuser" FROM "datafold"${by('rdsadmin')};`,
  ].join('');
  const members = `Members of the role "datafold" can act as the role and read the same data: "eve". To end the memberships, run: REVOKE "datafold" FROM "eve"${by('master')};`;
  for (let run = 0; run < 2; run++)
    expect((await succeed(requests().apply())).notices).toEqual(expect.arrayContaining([power, members]));
  const alone = requests().verify();
  expect((await succeed(alone)).databases[0].furtherAccess).toEqual(expect.arrayContaining([power, members]));
  for (const statement of `${power} ${members}`.match(/(ALTER|REVOKE) [^;]*;/g)!) await server.sql(statement);
  expect((await succeed(requests().apply())).notices).toEqual([]);
  await succeed(requests().remove());
  await server.sql('DROP ROLE eve');
});
