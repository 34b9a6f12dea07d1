import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

beforeAll(async () => {
  await server.freshDatabase('app');
  await succeed(requests().apply());
});

describe.each([
  ['the role', 'ROLE "datafold"'],
  ['the database', 'DATABASE "app"'],
  ['the role in the database', 'ROLE "datafold" IN DATABASE "app"'],
])('where transactions of %s only read', (_whose, what) => {
  const reason = `failed: default_transaction_read_only is on, so the role cannot write (25006). Run: ALTER ${what} RESET default_transaction_read_only;`;
  const creating = `Creating table "test_connection" in schema "datafold_tmp" ${reason}`;

  beforeAll(async () => {
    await server.sql(`ALTER ${what} SET default_transaction_read_only = on`);
  });
  afterAll(async () => {
    await server.sql(`ALTER ${what} RESET default_transaction_read_only`);
  });

  test('the verification fails and names the statement that resets the setting', async () => {
    const [database] = (await succeed(requests().verify())).databases;
    expect(
      database.steps.map(({ step, ok, message }) => [step, ok, step === 'temp_schema' ? message : '']),
    ).toEqual([
      ['connection', true, ''],
      ['temp_schema', false, creating],
      ['schema_download', true, ''],
      ['lineage_download', true, ''],
    ]);
  });

  test('a deployment fails, although its own changes succeed', async () => {
    await server.sql(
      `BEGIN READ WRITE; CREATE SCHEMA IF NOT EXISTS more; ALTER SCHEMA more OWNER TO master;
       REVOKE ALL ON SCHEMA more FROM datafold; COMMIT`,
      'app',
    );
    expect(await fail(requests().apply())).toEqual({
      message: `Database "app", step temp_schema: ${creating}`,
      retryable: false,
    });
    expect(
      await server.sql(`SELECT has_schema_privilege('datafold', 'more', 'USAGE') AS may`, 'app'),
    ).toEqual([{ may: true }]);
  });

  test('the lineage proof fails and names the statement that resets the setting', async () => {
    const { server: address } = requests().remove();
    const answer = await fail({
      operation: 'prove',
      server: address,
      login: { user: 'datafold', password: PASSWORD },
      databaseName: 'app',
      tempSchema: 'datafold_tmp',
      marker: 'lineage_proof_1a2b',
    });
    expect(answer).toEqual({
      message: `Creating table "datafold_tmp"."lineage_proof_1a2b" in database "app" as "datafold" ${reason}`,
      code: '25006',
      retryable: false,
    });
  });
});
