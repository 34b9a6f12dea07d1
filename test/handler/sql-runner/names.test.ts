import type { AccessSpec } from '../../../lib/private/wire/sql';
import { fc, rounds } from '../../support/property';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
/** Fewer in the version matrix. Each run uses 12 names: a role, a database, a temp schema, and schemas and tables. */
const RUNS = process.env.TEST_POSTGRES_FROM ? 5 : rounds(10);

const SPECIAL = [
  '"', "'", '\\', '$$', '$1', '%', '%s', '%I', ';', '--', '/*', '*/', ' ', '\t', '\n', '.', ',', '(', ')', '[', '{', '=', '/', '*', '@', '&', '?', ':',
  'A', 'a', 'é', 'e\u0301', 'а' /* Cyrillic */, 'ａ' /* full width */, 'ß', 'ı', '\u200b', '\u202e', '\u00a0', '表', '🔑', '\ufeff', '\u0001', '\x7f',
]; // prettier-ignore
const KEYWORDS = [
  'select', 'SELECT', 'user', 'current_user', 'all', 'table', 'grant', 'to', 'true', 'null', 'Public', 'PUBLIC', 'session_user', 'constructor', '__proto__', 'toString',
  "'; DROP ROLE master; --", '"; DROP SCHEMA public CASCADE; --', "E'\\'", '$tag$', '1', ' leading', 'trailing ', 'datafold=r*w/master', ',=UC/master',
]; // prettier-ignore

const clip = (text: string, bytes: number) => {
  let clipped = '';
  for (const character of text) {
    if (Buffer.byteLength(clipped + character) > bytes) break;
    clipped += character;
  }
  return clipped;
};
const pieces = (min: number, max: number) =>
  fc
    .array(fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ unit: 'grapheme', maxLength: 3 })), {
      minLength: min,
      maxLength: max,
    })
    .map((parts) => parts.join('').replaceAll('\0', ''));

/** Exactly 63 bytes, padded with one-byte characters. */
const longest = pieces(20, 60)
  .map((text) => clip(text, 63))
  .map((text) => text.padEnd(text.length + 63 - Buffer.byteLength(text), 'x"'));
const name = fc
  .oneof(fc.constantFrom(...KEYWORDS), pieces(1, 6), pieces(1, 20), longest)
  .map((text) => clip(text, 63))
  .filter(
    (text) =>
      text !== '' &&
      Buffer.from(text).toString() === text &&
      !/^(pg_|public$|none$|information_schema$|datafold_tmp$)/i.test(text),
  );
const names = fc.uniqueArray(name, { minLength: 12, maxLength: 12 });

/** Repeated here, independent of the tested code. */
const q = (text: string) => `"${text.split('"').join('""')}"`;

test('names with any characters are quoted', async () => {
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(names, async ([roleName, databaseName, tempSchema, owner, ...rest]) => {
      const [schemas, tables] = [rest.slice(0, 4), rest.slice(4)];
      const { admin } = server.postgres;
      await server.sql(`CREATE DATABASE ${q(databaseName)}`, 'postgres', admin);
      await server.sql(`CREATE ROLE ${q(owner)}`, 'postgres', admin);
      await server.sql(
        schemas
          .map(
            (schema, at) =>
              `CREATE SCHEMA ${q(schema)}; CREATE TABLE ${q(schema)}.${q(tables[at])} (id int);` +
              (at % 2
                ? `ALTER SCHEMA ${q(schema)} OWNER TO ${q(owner)}; ALTER TABLE ${q(schema)}.${q(tables[at])} OWNER TO ${q(owner)}`
                : 'SELECT 1'),
          )
          .join(';'),
        databaseName,
      );
      await server.sql(
        schemas
          .map((schema, at) =>
            at % 2
              ? 'SELECT 1'
              : `ALTER SCHEMA ${q(schema)} OWNER TO master; ALTER TABLE ${q(schema)}.${q(tables[at])} OWNER TO master`,
          )
          .join(';'),
        databaseName,
      );
      const before = await server.dump(databaseName);
      const access: Partial<AccessSpec> = {
        roleName,
        tempSchema,
        databases: [{ databaseName, schemas: schemas.slice(0, 3), excludeSchemas: [schemas[2]] }],
      };
      await succeed(requests().apply({ access }));
      const as = { user: roleName, password: PASSWORD };
      for (const at of [0, 1])
        await server.sql(`SELECT * FROM ${q(schemas[at])}.${q(tables[at])}`, databaseName, as);
      for (const at of [2, 3]) {
        await expect(
          server.sql(`SELECT * FROM ${q(schemas[at])}.${q(tables[at])}`, databaseName, as),
        ).rejects.toMatchObject({ code: '42501' });
      }
      expect((await succeed(requests().apply({ access }))).statements).toBe(0);
      const unknown = { ...access, databases: [{ databaseName, schemas: [tables[0] + 'x'] }] };
      if (Buffer.byteLength(tables[0]) < 63)
        expect((await fail(requests().apply({ access: unknown }))).code).toBe('3F000');
      await succeed(requests().remove({ access }));
      expect(await server.dump(databaseName)).toBe(before);
      await server.sql(`DROP DATABASE ${q(databaseName)}`);
      await server.sql(`DROP ROLE ${q(owner)}`);
      tried += 12;
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(tried).toBeGreaterThanOrEqual(RUNS * 12);
});

test('similar names are distinguished', async () => {
  await server.freshDatabase('app');
  await server.sql(
    'CREATE SCHEMA "caf\u00e9"; CREATE TABLE "caf\u00e9".t (id int); CREATE SCHEMA "cafe\u0301"; CREATE TABLE "cafe\u0301".t (id int)',
    'app',
    server.postgres.admin,
  );
  await succeed(
    requests().apply({ access: { databases: [{ databaseName: 'app', schemas: ['caf\u00e9'] }] } }),
  );
  const as = { user: 'datafold', password: PASSWORD };
  expect(await server.sql('SELECT * FROM "caf\u00e9".t', 'app', as)).toEqual([]);
  await expect(server.sql('SELECT * FROM "cafe\u0301".t', 'app', as)).rejects.toMatchObject({
    code: '42501',
  });
});
