import { parseEntry } from '../../../lib/cli/statement-log/entry';
import { statementIn } from '../../../lib/cli/statement-log/statement-text';

const at = Date.parse('2026-11-28T11:59:36Z');
const parse = (message: string) => parseEntry({ stream: 'shop-1.0', at, message });

test('reads role, database, process and severity from the prefix of RDS', () => {
  const message = '2026-11-28 11:59:36 UTC:10.0.0.7(58976):etl@shop:[27322]:LOG:  statement: select 1';
  expect(parse(message)).toEqual({
    at,
    instance: 'shop-1',
    process: 'shop-1 27322',
    client: '10.0.0.7(58976)',
    role: 'etl',
    database: 'shop',
    severity: 'LOG',
    text: 'statement: select 1',
    bytes: 82,
  });
});

test.each([
  ['2026-11-28 11:59:36 UTC:2001:db8::7(58976):etl@shop:[27322]:LOG:  statement: s', '2001:db8::7(58976)'],
  ['2026-11-28 11:59:36.123 UTC:[local]:etl@shop:[27322]:LOG:  statement: s', '[local]'],
  [
    '2026-11-28 11:59:36.123 UTC:10.0.0.7(5):etl@shop:[27322]:4:00000:2026-11-28 11:59:30 UTC:3/45:0:6a.1:psqlLOG:  statement: s',
    '10.0.0.7(5)',
  ],
])('reads the prefixes that RDS allows: %s', (message, client) => {
  expect(parse(message)).toMatchObject({ client, role: 'etl', database: 'shop', text: 'statement: s' });
});

test('finds the severity behind an unknown prefix, and names no role then', () => {
  const entry = parse('2026-11-28T11:59:36 [27322] etl LOG:  statement: select 1');
  expect(entry).toMatchObject({ severity: 'LOG', text: 'statement: select 1', client: '' });
  expect(entry).not.toHaveProperty('role');
  expect(entry).not.toHaveProperty('process');
});

test('reads names of the greatest length, which may hold what ends a name', () => {
  const [role, database] = ['é'.repeat(30) + '[7]', `${'a]:[1'.repeat(10)}b`];
  expect(parse(`2026-11-28 11:59:36 UTC:[local]:${role}@${database}:[5]:LOG:  statement: s`)).toMatchObject({
    role,
    database,
    text: 'statement: s',
  });
});

test('names no role for a background process', () => {
  const entry = parse('2026-11-28 11:59:36 UTC::@:[512]:LOG:  checkpoint starting: time');
  expect(entry).toMatchObject({ severity: 'LOG', process: 'shop-1 512' });
  expect(entry).not.toHaveProperty('role');
});

test('removes exactly one tab after each newline', () => {
  const message = "2026-11-28 11:59:36 UTC:[local]:a@b:[1]:LOG:  statement: select 'a\n\t\tb'\n\tfrom t\n";
  expect(parse(message)!.text).toBe("statement: select 'a\n\tb'\nfrom t");
});

test('takes text without a severity for no entry', () => {
  expect(parse('----------------------- END OF LOG ----------------------')).toBeUndefined();
});

test.each([
  ['statement: SELECT 1', 'SELECT 1', 'statement', false],
  ['execute <unnamed>: SELECT 1', 'SELECT 1', 'execute', false],
  [`execute ${'n'.repeat(1_000)}/p: SELECT a/b: c`, 'SELECT a/b: c', 'execute', false],
  ['execute S_1: SELECT 1', 'SELECT 1', 'execute', false],
  ['execute S_1/C_2: SELECT a: b', 'SELECT a: b', 'execute', false],
  ['duration: 12.500 ms  statement: SELECT 1', 'SELECT 1', 'statement', true],
  ['duration: 12.500 ms  execute <unnamed>: SELECT 1', 'SELECT 1', 'execute', true],
])('finds the statement in: %s', (text, sql, protocol, byDuration) => {
  expect(statementIn(text)).toEqual({ sql, protocol, byDuration });
});

test.each([
  'duration: 0.100 ms',
  'duration: 0.100 ms  parse <unnamed>: INSERT INTO t SELECT 1',
  'duration: 0.100 ms  bind S_1: INSERT INTO t SELECT 1',
  'execute fetch from S_1/C_2: SELECT 1',
  'checkpoint complete: wrote 3 buffers',
])('finds no statement that was run in: %s', (text) => {
  expect(statementIn(text)).toBeUndefined();
});
