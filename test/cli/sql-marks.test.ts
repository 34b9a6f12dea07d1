import { scriptOf } from './support/run';
import { runPsqlScript } from '../support/psql-script';
import { PASSWORD } from '../support/requests';
import { withServer } from '../support/with-server';

const server = withServer();
const setting = () => ({
  connect: async (database: string) => server.postgres.connect(server.postgres.admin, database),
  password: PASSWORD,
});
const run = async (...args: string[]) => runPsqlScript(await scriptOf(args), setting());

beforeEach(() => server.freshDatabase('app'));

describe('a comment alone does not prove that the script created a role or schema', () => {
  const mark = (key: string) =>
    `Made by cdk-datafold-postgres for stack "none". Deleted with the stack; do not change this comment. [key=${key} id=${key}]`;
  const logsIn = async (password: string) =>
    server.sql('SELECT 1', 'app', { user: 'datafold', password }).then(
      () => true,
      () => false,
    );

  afterEach(async () => {
    await server.sql('DROP OWNED BY datafold', 'app');
    await server.sql('DROP ROLE datafold');
  });

  test('the comment that the script wrote on another server', async () => {
    await server.sql(
      `CREATE ROLE datafold LOGIN; COMMENT ON ROLE datafold IS '${mark('dba-123')}'`,
      'postgres',
      server.postgres.admin,
    );
    await expect(run('--database', 'app')).rejects.toThrow('role "datafold" already exists');
    await run('--database', 'app', '--remove');
    expect(await server.roleExists('datafold')).toBe(true);
  });

  test('the exact comment, on a schema of another role and, since PostgreSQL 16, on a role of another creator', async () => {
    const mallory = { user: 'mallory', password: 'm' };
    await server.sql(`CREATE ROLE mallory LOGIN CREATEROLE PASSWORD 'm'`);
    await server.sql('GRANT CREATE ON DATABASE app TO mallory', 'app');
    const [{ key }] = await server.sql(`SELECT 'dba-' || system_identifier AS key FROM pg_control_system()`);
    const comment = mark(String(key));
    await server.sql(
      `CREATE ROLE datafold LOGIN PASSWORD 'known'; COMMENT ON ROLE datafold IS '${comment}'`,
      'postgres',
      mallory,
    );
    if (server.postgres.versionNum >= 160000) {
      await expect(run('--database', 'app')).rejects.toThrow('role "datafold" already exists');
      await run('--database', 'app', '--remove');
      expect(await server.roleExists('datafold')).toBe(true);
    }
    await server.sql('DROP ROLE datafold');
    await server.sql(
      `CREATE SCHEMA datafold_tmp; COMMENT ON SCHEMA datafold_tmp IS '${comment}'`,
      'app',
      mallory,
    );
    await expect(run('--database', 'app')).rejects.toThrow('schema "datafold_tmp" already exists');
    await server.sql('DROP OWNED BY mallory CASCADE', 'app');
    await server.sql('DROP ROLE mallory');
  });

  test.each([
    ['no', 'known', PASSWORD],
    ['yes', PASSWORD, 'known'],
  ])(
    'an adopted role gets another password only where the person says so: %s',
    async (answer, works, does_not) => {
      await server.sql(`CREATE ROLE datafold LOGIN PASSWORD 'known'`, 'postgres', server.postgres.admin);
      const text = await scriptOf(['--database', 'app', '--adopt-existing']);
      expect(text).toContain('Adopted: the role %I already exists and was not created by this script.');
      await runPsqlScript(text, { ...setting(), answer });
      expect([await logsIn(works), await logsIn(does_not)]).toEqual([true, false]);
    },
  );
});
