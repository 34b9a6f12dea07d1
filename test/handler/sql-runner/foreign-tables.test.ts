import { createServer, type Socket } from 'node:net';
import { PASSWORD, requestsTo } from '../../support/requests';
import { failingOf, readAll } from '../../support/reading';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const UNREACHABLE =
  'Check the options of the server and of the user mapping, and the network between the two servers.';

const failing = async () => failingOf((await succeed(requests().verify())).databases[0]);
const read = (...relations: string[]) => readAll(server, relations, datafold);

beforeAll(async () => {
  await server.sql('CREATE ROLE analyst; GRANT analyst TO master');
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE EXTENSION postgres_fdw; CREATE SCHEMA s AUTHORIZATION master; GRANT ALL ON SCHEMA s TO analyst; CREATE TABLE s.near (id int); INSERT INTO s.near VALUES (1); ALTER TABLE s.near OWNER TO master;
     CREATE SERVER self FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${server.postgres.port}', dbname 'app', connect_timeout '2');
     CREATE SERVER down FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'app', connect_timeout '2');
     GRANT USAGE ON FOREIGN SERVER self, down TO master, analyst`,
    'app',
  );
  await server.sql(
    'CREATE FOREIGN TABLE s.far (id int) SERVER self OPTIONS (table_name $$near$$)',
    'app',
    server.postgres.admin,
  );
  await succeed(requests().apply());
});
afterEach(async () => {
  await server.sql('DROP EXTENSION IF EXISTS postgres_fdw CASCADE', 'app');
  await succeed(requests().remove());
});

const mapping = async (role: string, foreignServer: string, password = PASSWORD) =>
  server.sql(
    `CREATE USER MAPPING FOR ${role} SERVER ${foreignServer} OPTIONS (user 'datafold', password '${password}')`,
    'app',
  );

test('a foreign table fails without a user mapping for the role, and so do views and parents that read it', async () => {
  await server.sql(
    `SET ROLE master; CREATE VIEW s.v WITH (security_barrier) AS SELECT * FROM s.far; CREATE TABLE s.parent (id int) PARTITION BY LIST (id);
     CREATE FOREIGN TABLE s.part PARTITION OF s.parent FOR VALUES IN (1) SERVER self OPTIONS (table_name 'near')`,
    'app',
  );
  await succeed(requests().apply());
  const why = (role: string, table: string) => [
    `"${role}" has no user mapping for foreign server "self" of "s"."${table}"`,
    `CREATE USER MAPPING FOR "${role}" SERVER "self" OPTIONS (user '…', password '…');`,
  ];
  expect(await failing()).toEqual({
    's.far': why('datafold', 'far'),
    's.parent': why('datafold', 'part'),
    's.part': why('datafold', 'part'),
    's.v': why('master', 'far'),
  });
  expect(await read('s.far', 's.v', 's.part', 's.parent')).toEqual({
    's.far': '42704',
    's.v': '42704',
    's.part': '42704',
    's.parent': '42704',
  });
  await mapping('datafold', 'self');
  expect(await failing()).toEqual({ 's.v': why('master', 'far') });
  expect(await read('s.far', 's.v', 's.part', 's.parent')).toEqual({
    's.far': 1,
    's.v': '42704',
    's.part': 1,
    's.parent': 1,
  });
});

test('a foreign server that is unreachable or rejects the role is detected by a connection, without reading rows', async () => {
  await server.sql(
    `CREATE FOREIGN TABLE s.gone (id int) SERVER down; ALTER FOREIGN TABLE s.gone OWNER TO master;
     SET ROLE analyst; CREATE FOREIGN TABLE s.theirs (id int) SERVER self OPTIONS (table_name 'near'); CREATE VIEW s.v AS SELECT * FROM s.theirs; CREATE VIEW s.vv AS SELECT * FROM s.v`,
    'app',
  );
  await mapping('datafold', 'self');
  await mapping('datafold', 'down');
  await mapping('analyst', 'self', 'wrong');
  await succeed(requests().apply());
  const theirs = ['"analyst" cannot read from foreign server "self" of "s"."theirs"', UNREACHABLE];
  expect(await failing()).toEqual({
    's.gone': ['"datafold" cannot read from foreign server "down" of "s"."gone"', UNREACHABLE],
    's.v': theirs,
    's.vv': theirs,
  });
  expect(await read('s.gone', 's.far', 's.theirs', 's.v', 's.vv')).toEqual({
    's.gone': '08001',
    's.far': 1,
    's.theirs': 1,
    's.v': '08001',
    's.vv': '08001',
  });
});

test('a foreign-data wrapper without a handler fails, and a wrapper that needs no user mapping works without one', async () => {
  await server.sql(
    `CREATE FOREIGN DATA WRAPPER none; CREATE SERVER empty FOREIGN DATA WRAPPER none; CREATE FOREIGN TABLE s.empty (id int) SERVER empty;
     CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN TABLE s.file (line text) SERVER files OPTIONS (filename '/dev/null');
     ALTER FOREIGN TABLE s.empty OWNER TO master; ALTER FOREIGN TABLE s.file OWNER TO master`,
    'app',
  );
  await mapping('datafold', 'self');
  await succeed(requests().apply());
  expect(await failing()).toEqual({
    's.empty': [
      'the foreign-data wrapper of foreign table "s"."empty" has no handler',
      'Set a handler (ALTER FOREIGN DATA WRAPPER … HANDLER …), or exclude the table.',
    ],
  });
  expect(await read('s.empty', 's.file')).toEqual({ 's.empty': '55000', 's.file': 0 });
  await server.sql('DROP EXTENSION file_fdw CASCADE; DROP FOREIGN DATA WRAPPER none CASCADE', 'app');
});

test('a foreign server that does not respond takes a few seconds, and a server that may never time out is not tested', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  await server.sql(
    `CREATE SERVER silent FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}', connect_timeout '60');
     CREATE SERVER endless FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}');
     CREATE FOREIGN TABLE s.silent (id int) SERVER silent; ALTER FOREIGN TABLE s.silent OWNER TO master;
     CREATE FOREIGN TABLE s.endless (id int) SERVER endless; ALTER FOREIGN TABLE s.endless OWNER TO master`,
    'app',
  );
  for (const name of ['silent', 'endless', 'self']) await mapping('datafold', name);
  await succeed(requests().apply());
  const from = Date.now();
  const [database] = (await succeed(requests().verify())).databases;
  expect(Date.now() - from).toBeLessThan(40_000);
  sockets.forEach((socket) => socket.destroy());
  silent.close();
  const silence = (name: string) => ({
    relation: `"s"."${name}"`,
    reason: `"datafold" cannot read from foreign server "${name}" of "s"."${name}"`,
    next: UNREACHABLE,
  });
  const isOld = server.postgres.versionNum < 160000;
  expect(database.failing).toEqual(isOld ? [silence('silent')] : [silence('endless'), silence('silent')]);
  const notTried = {
    relation: '"s"."endless"',
    reason:
      'foreign server "endless" of "s"."endless" was not tested, because connecting to it may never time out',
    next: `ALTER SERVER "endless" OPTIONS (ADD connect_timeout '5');`,
  };
  expect(database.unproven).toEqual(isOld ? [notTried] : []);
});

test('to test a foreign server, no function runs that the owner of a table put into an index or a constraint', async () => {
  await mapping('PUBLIC', 'self');
  await server.sql(
    `CREATE FUNCTION s.called(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE LOG 'called as %', current_user; RETURN true; END $$;
     CREATE TABLE s.counted (id int); CREATE TABLE s.local (id int); CREATE INDEX ON s.local (id) WHERE s.called(1); ALTER TABLE s.local OWNER TO master; ALTER TABLE s.counted OWNER TO master;
     ${server.postgres.versionNum >= 140000 ? 'CREATE STATISTICS s.counts ON (s.called(3)), id FROM s.counted;' : ''} CREATE VIEW s.counting AS SELECT n.id FROM s.counted n JOIN s.far USING (id); CREATE FOREIGN TABLE s.checked (id int CHECK (s.called(2))) SERVER self OPTIONS (table_name 'near');
     CREATE VIEW s.indexed AS SELECT n.id FROM s.local n JOIN s.far USING (id); CREATE VIEW s.both AS SELECT id FROM s.checked UNION ALL SELECT id FROM s.far;
     ALTER VIEW s.indexed OWNER TO analyst; ALTER VIEW s.both OWNER TO analyst; ALTER VIEW s.counting OWNER TO analyst; ALTER TABLE s.far OWNER TO analyst; ALTER TABLE s.checked OWNER TO analyst; GRANT SELECT ON s.local, s.counted TO analyst`,
    'app',
  );
  await succeed(requests().apply());
  await succeed(requests().verify());
  expect(server.postgres.log()).not.toContain('called as datafold');
});
