import { runScriptWithPsql, testWithPsql } from './support/psql';
import { PASSWORD } from '../support/requests';
import { withServer } from '../support/with-server';

const server = withServer();
const runWithPsql = async (args: readonly string[], typed: readonly string[]) =>
  runScriptWithPsql(server.postgres, args, typed);

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE ROLE clerk; CREATE ROLE keeper', 'postgres', server.postgres.admin);
  await server.sql(
    'CREATE SCHEMA sales AUTHORIZATION clerk; CREATE TABLE sales.orders (id int); ALTER TABLE sales.orders OWNER TO clerk',
    'app',
  );
});

testWithPsql('psql prints notices as sentences, and the statement that fails', async () => {
  await server.sql(
    `CREATE SCHEMA auth AUTHORIZATION clerk; GRANT CREATE ON SCHEMA auth TO PUBLIC; CREATE SCHEMA datafold_tmp AUTHORIZATION clerk; CREATE ROLE passerby LOGIN;
     CREATE ROLE datafold LOGIN VALID UNTIL 'infinity'; GRANT keeper TO datafold`,
    'app',
  );
  const { code, output } = await runWithPsql(['--database', 'app', '--adopt-existing'], ['no']);
  expect(output).toContain(
    "Adopted: the role datafold already exists and was not created by this script. Attributes: LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity'; member of: keeper; members: none.",
  );
  expect(output).toContain(
    'Notice: the schema auth usually contains keys, password hashes or tokens. To exclude it, print the script with --exclude.',
  );
  expect(output).toContain(
    'Adopted: the schema datafold_tmp already exists and was not created by this script. Its owner is clerk.',
  );
  await server.sql('DROP OWNED BY datafold', 'app');
  await server.sql('DROP ROLE datafold');
  await server.sql('DROP SCHEMA datafold_tmp', 'app');
  expect({ code, output }).toMatchObject({ code: 0 });
  const install = await runWithPsql(['--database', 'app'], [PASSWORD, PASSWORD]);
  expect(install.output).toMatch(
    /^Notice: tables that .*passerby.* will create in .*auth.* stay unreadable until this script is run again, because PUBLIC may create tables there\.$/m,
  );
  await server.sql(
    'GRANT SELECT ON sales.orders TO datafold WITH GRANT OPTION; SET ROLE datafold; GRANT SELECT ON sales.orders TO keeper',
    'app',
  );
  const removal = await runWithPsql(['--database', 'app', '--remove'], []);
  expect(removal.output).toContain(
    'Notice: also revoked is what the role had granted to others. To grant it again: GRANT SELECT ON TABLE sales.orders TO keeper;',
  );
  const refused = await runWithPsql(['--database', 'app', '--schemas', 'nosuch'], [PASSWORD, PASSWORD]);
  expect(refused.code).toBe(3);
  expect(refused.output).toMatch(/ERROR: {2}schema "nosuch" does not exist[^]*STATEMENT: /);
  await server.sql('DROP ROLE datafold, passerby');
});
