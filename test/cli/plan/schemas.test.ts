import { withServer } from '../../support/with-server';
import { readyEnvironment, runPlan, SECRET } from '../support/plan-environment';

const server = withServer();
const ON_APP = ['--cluster', 'shop', '--secret', SECRET, '--database', 'app'];

/** A database whose tables all belong to the admin. */
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('ALTER SCHEMA public OWNER TO master', 'app');
  await server.sql('CREATE TABLE notes (id int); CREATE TABLE orders (id int)', 'app', server.postgres.admin);
});

test('--schemas and --exclude limit the plan to what the deployment reads, and a schema that does not exist prevents it', async () => {
  await server.sql('CREATE ROLE locked SUPERUSER; CREATE SCHEMA audit AUTHORIZATION locked', 'app');
  await server.sql('CREATE TABLE audit.log (id int); ALTER TABLE audit.log OWNER TO locked', 'app');
  const about = async (...args: string[]) => {
    const { status, out } = await runPlan(readyEnvironment(server.postgres), ...ON_APP, ...args);
    const rows = out.split('\n').filter((line) => / app {3}(schemas|owners) /.test(line));
    return [status, ...rows.map((row) => row.replace(/ {2,}/g, ' '))];
  };
  const prevented =
    'PREVENTS app owners "master" may not act as "locked", which owns 1 relation and is a superuser. Next: Give them another owner, or leave their schemas out (excludeSchemas; here --exclude). Or set verification.onUnreadable to FailurePolicy.WARN: the deployment then prints the statements that the owner must run.';
  const allowed = 'ok app owners "master" may act as every owner of a schema or relation (1).';
  const only = 'ok app schemas 2 relations in 1 schema become readable: "public".';
  try {
    expect(await about()).toEqual([
      1,
      'ok app schemas 3 relations in 2 schemas become readable: "audit", "public".',
      prevented,
    ]);
    expect(await about('--exclude', 'audit')).toEqual([0, only, allowed]);
    expect(await about('--schemas', 'public')).toEqual([0, only, allowed]);
    expect(await about('--schemas', 'public,nil')).toEqual([
      1,
      'PREVENTS app schemas The deployment fails, because these schemas do not exist: "nil". Next: Correct --schemas, and `schemas` of the database in the app.',
      only,
      allowed,
    ]);
  } finally {
    await server.sql('DROP SCHEMA audit CASCADE; DROP ROLE locked', 'app');
  }
});
