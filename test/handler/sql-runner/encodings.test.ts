import { markerFor } from '../../../lib/handler/sql-runner/marker';
import { OWNER, PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };

/** Sends a statement with bytes that are not UTF-8, such as `%E9`, to a database whose encoding accepts any bytes. */
const raw = (statement: string, database = 'ascii', as = server.postgres.admin) => {
  const hex = Buffer.from(
    statement.replace(/%([0-9A-F]{2})/g, (_, byte: string) => String.fromCharCode(parseInt(byte, 16))),
    'latin1',
  ).toString('hex');
  const text = `DO $$ BEGIN EXECUTE convert_from(decode('${hex}', 'hex'), 'SQL_ASCII'); END $$`;
  return server.sql(text, database, as);
};

async function makeDatabase(name: string, encoding: string): Promise<void> {
  await server.sql(`DROP DATABASE IF EXISTS ${name}`);
  await server.sql(
    `CREATE DATABASE ${name} ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0 OWNER master`,
  );
  await restrictPublic(name);
}

/** As since PostgreSQL 15: only the owner of the database may create in the schema `public`. */
const restrictPublic = (name: string) =>
  server.sql('REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO master', name);

beforeEach(async () => {
  await server.freshDatabase('app');
  await restrictPublic('app');
  await makeDatabase('ascii', 'SQL_ASCII');
});

test('a comment that is not UTF-8 prevents neither an apply nor a removal', async () => {
  await server.sql('CREATE SCHEMA ventes CREATE TABLE t (id int)', 'ascii', server.postgres.admin);
  await raw(`COMMENT ON SCHEMA ventes IS 'donn%E9es'`);
  await raw(
    `COMMENT ON SCHEMA public IS '${markerFor(OWNER).replace('Analytics', 'Analys%E9')}'`,
    'ascii',
    server.postgres.superuser,
  );
  const access = { databases: [{ databaseName: 'ascii' }] };
  const report = await succeed(requests().apply({ access }));
  expect(report).toMatchObject({ finished: true, notices: [] });
  expect(await server.sql('SELECT * FROM ventes.t', 'ascii', datafold)).toEqual([]);
  expect((await succeed(requests().apply({ access }))).statements).toBe(0);
  expect((await succeed(requests().remove({ access }))).notices).toEqual([]);
  expect(await server.roleExists('datafold')).toBe(false);
});

test('a comment or name of a role in another encoding prevents neither an apply nor a removal', async () => {
  await raw('CREATE ROLE "ren%E9"');
  await raw(`COMMENT ON ROLE "ren%E9" IS '%E9t%E9'`);
  await raw('GRANT "ren%E9" TO master');
  await raw('CREATE SCHEMA hers AUTHORIZATION "ren%E9"');
  await server.sql('CREATE TABLE hers.t (id int)', 'ascii');
  await raw('ALTER TABLE hers.t OWNER TO "ren%E9"', 'ascii', server.postgres.superuser);
  await makeDatabase('latin', 'LATIN1');
  await server.sql(
    `CREATE TABLE "été" (id int); COMMENT ON TABLE "été" IS 'été'`,
    'latin',
    server.postgres.admin,
  );
  const access = {
    databases: ['app', 'ascii', 'latin'].map((databaseName) => ({ databaseName })),
    onUnreadable: 'warn' as const,
  };
  const { databases } = await succeed(requests().apply({ access }));
  expect(databases.map(({ unreadableCount }) => unreadableCount)).toEqual([0, 0, 0]);
  expect(await server.sql('SELECT * FROM "été"', 'latin', datafold)).toEqual([]);
  expect(await server.sql('SELECT * FROM hers.t', 'ascii', datafold)).toEqual([]);
  await succeed(requests().remove({ access }));
  expect(await server.roleExists('datafold')).toBe(false);
  await raw('DROP OWNED BY "ren%E9"; DROP ROLE "ren%E9"', 'ascii', server.postgres.superuser);
});

test('schemas and tables whose names are not UTF-8 are skipped with a notice', async () => {
  await raw('CREATE SCHEMA "donn%E9es" CREATE TABLE t (id int)');
  await raw('CREATE TABLE public."caf%E9" (id int)');
  await server.sql('CREATE TABLE public."thé" (id int)', 'ascii', server.postgres.admin);
  const access = { databases: [{ databaseName: 'ascii' }] };
  const { databases, notices } = await succeed(requests().apply({ access }));
  expect(notices).toEqual([
    'Database "ascii": the names of 1 schemas and 1 relations are not UTF-8 (the encoding of the database is SQL_ASCII), so they were skipped. Rename them if Datafold is to read them.',
  ]);
  expect(databases[0].unreadableCount).toBe(0);
  expect(await server.sql('SELECT * FROM "thé"', 'ascii', datafold)).toEqual([]);
  expect((await succeed(requests().apply({ access }))).statements).toBe(0);
  await raw('GRANT SELECT ON public."caf%E9" TO datafold; GRANT USAGE ON SCHEMA "donn%E9es" TO datafold');
  await succeed(requests().remove({ access }));
  expect(await server.roleExists('datafold')).toBe(false);
});
