import { fc, rounds } from '../../support/property';
import { withServer } from '../../support/with-server';
import { inspectionOutput } from '../support/run-inspection';

const server = withServer({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
const SECRET = 'planted7319';

beforeAll(async () => server.sql('CREATE ROLE planter SUPERUSER'));

/** Creates an empty database with statistics of statements. */
async function start() {
  await server.freshDatabase('shop');
  await server.sql('CREATE EXTENSION pg_stat_statements; CREATE TABLE notes (body text)', 'shop');
  const client = await server.connection('shop');
  await client.query('SET SESSION AUTHORIZATION planter'); // statements of the superuser of RDS are left out
  return {
    /** Runs statements without effect; returns what the inspection prints of them. */
    outputOf: async (statements: readonly string[]) => {
      await client.query('SELECT pg_stat_statements_reset()');
      for (const sql of statements) {
        await client.query('BEGIN');
        await client.query(sql);
        await client.query('ROLLBACK');
      }
      const lines = (await inspectionOutput(client)).split('\n');
      return lines.filter((line) => line.includes('"statements"'));
    },
  };
}

const textsIn = (lines: readonly string[]) =>
  lines.map((line) => (JSON.parse(line) as { row: { text: string } }).row.text);

test.each([
  [`CREATE ROLE "o'brien" PASSWORD '${SECRET}'`, 'CREATE ROLE ...'],
  [`/* it's */ ALTER ROLE master PASSWORD '${SECRET}'`, 'ALTER ROLE ...'],
  [`CREATE USER "a""'b" PASSWORD $c1$${SECRET}$c1$`, 'CREATE USER ...'],
  [`ALTER ROLE master SET app.token TO ${SECRET}`, 'ALTER ROLE ...'],
  [`ALTER DATABASE shop SET app.token = ${SECRET}`, 'ALTER DATABASE ...'],
  [`COMMENT ON TABLE notes IS '${SECRET}'`, 'COMMENT ON TABLE ...'],
  [`CREATE FOREIGN DATA WRAPPER w OPTIONS (password '${SECRET}')`, 'CREATE FOREIGN DATA WRAPPER ...'],
  [
    `CREATE SUBSCRIPTION s CONNECTION 'password=${SECRET}' PUBLICATION p WITH (connect = false)`,
    'CREATE SUBSCRIPTION ...',
  ],
  [
    `CREATE VIEW v AS SELECT '${SECRET}' AS "it's", body FROM notes`,
    `CREATE VIEW v AS SELECT ? AS "it's", body FROM notes`,
  ],
  [`CREATE VIEW v AS SELECT $é1$${SECRET}$é1$ AS a, '$é1$ ${SECRET}' AS b`, 'CREATE VIEW v AS SELECT ?'],
  [`CREATE VIEW v AS -- it's\r SELECT 'a\n${SECRET}' AS "b"`, 'CREATE VIEW v AS ?\r SELECT ? AS "b"'],
  [`CREATE VIEW v AS SELECT /* ${'x'.repeat(1_480)} it's ${SECRET} */ 1 AS a`, 'CREATE VIEW v AS SELECT ?'],
  [`CREATE VIEW v AS SELECT /* a /* b */ it's */ '${SECRET}' AS a`, 'CREATE VIEW ...'],
  [`CREATE VIEW v AS SELECT E'it\\'s ${SECRET}' AS a`, 'CREATE VIEW ...'],
])('of "%s" the inspection prints no constant', async (sql, text) => {
  const { outputOf } = await start();
  const lines = await outputOf([sql]);
  expect(textsIn(lines)).toEqual([text]);
  expect(lines.join('\n')).not.toContain(SECRET);
});

/** Pieces at which lexers err. */
const piece = fc.constantFrom(
  'a',
  ' ',
  "'",
  '"',
  '$',
  '$$',
  '$a$',
  '$é1$',
  '--',
  '/*',
  '*/',
  '\\',
  '\n',
  '\r',
  SECRET,
);
const content = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const identifier = fc
  .array(
    piece.filter((one) => one !== SECRET),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) => `"${pieces.join('').replaceAll('"', '""')}"`);
const comment = fc.oneof(
  content.map((text) => `--${text.replace(/[\r\n]/g, '')}\n`),
  content.map((text) => `/*${text.replaceAll('/*', '').replaceAll('*/', '').replaceAll(/[*/]/g, '')}*/`),
  content.map((text) => `/* a /*${text.replaceAll(/[*/]/g, '')}*/ it's ${SECRET} */`),
);
const blank = fc.oneof(
  fc.constant(' '),
  comment.map((text) => ` ${text} `),
);
const literal = fc.oneof(
  content.map((text) => `'${text.replaceAll("'", "''")}'`),
  content.map((text) => ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`),
  content.map((text) => `$t1$${text.replaceAll('$', '')}$t1$`),
  content.map((text) => `$$${text.replaceAll('$', '')}$$`),
);
const statement = fc
  .tuple(
    fc.constantFrom(
      'COMMENT ON TABLE notes IS LITERAL',
      'CREATE ROLE NAME PASSWORD LITERAL',
      'ALTER TABLE notes ADD COLUMN NAME text DEFAULT LITERAL',
      'CREATE VIEW v AS SELECT LITERAL ::text AS NAME , LITERAL ::text AS b',
      'CREATE TABLE NAME AS SELECT LITERAL ::text AS NAME',
      'CREATE TABLE NAME ( a text DEFAULT LITERAL )',
      'INSERT INTO notes AS NAME VALUES ( LITERAL )',
    ),
    fc.array(blank, { minLength: 20, maxLength: 20 }),
    fc.array(identifier, { minLength: 2, maxLength: 2 }),
    fc.array(literal, { minLength: 2, maxLength: 2 }),
  )
  .map(([form, blanks, names, literals]) => {
    const given: Record<string, string[]> = { NAME: [...names], LITERAL: [...literals] };
    const words = ['', ...form.split(' ')].map((word) => given[word]?.pop() ?? word);
    return words.map((word, i) => `${word}${blanks[i]}`).join('');
  });

test('whatever quotes, comments and names a statement has, no planted constant leaves the server', async () => {
  const { outputOf } = await start();
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 30, maxLength: 30 }), async (statements) => {
      const lines = await outputOf(statements);
      expect(lines.length).toBeGreaterThan(20);
      const output = lines.join('\n');
      expect(output).not.toContain(SECRET);
    }),
    { numRuns: rounds(10), endOnFailure: true },
  );
});
