import { requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

test('a run that changes nothing reports changes by other roles since the previous run', async () => {
  await server.freshDatabase('app');
  await server.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC; ALTER SCHEMA public OWNER TO master', 'app'); // up to PostgreSQL 14, PUBLIC has it
  await server.sql('CREATE TABLE items (id int)', 'app', server.postgres.admin);
  const [first] = (await succeed(requests().apply())).databases;
  expect(first).toMatchObject({ failingCount: 0, filteredCount: 0, writableCount: 0, settings: [] });

  await server.sql(
    `ALTER TABLE items ENABLE ROW LEVEL SECURITY; GRANT INSERT ON items TO datafold;
     ALTER ROLE datafold SET default_transaction_read_only = on`,
    'app',
  );
  const { statements, databases } = await succeed(requests().apply());
  expect(statements).toBe(0);
  expect(databases[0]).toMatchObject({
    filtered: [{ relation: '"public"."items"' }],
    writable: [{ statement: 'REVOKE INSERT ON TABLE "public"."items" FROM "datafold";' }],
    settings: [{ setting: 'default_transaction_read_only' }],
  });
});
