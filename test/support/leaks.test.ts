import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaks } from '../e2e/support/leaks';
import { secretsIn } from '../e2e/support/secrets-in';

const SECRET = `p"a's/s+word-of-datafold`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'leaks-'));
  mkdirSync(join(dir, 'evidence'));
  writeFileSync(join(dir, 'localaws.log'), '');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const found = () => leaks({ cloud: { dir, evidence: join(dir, 'evidence') }, secrets: new Set([SECRET]) });

test.each([
  ['as it is', SECRET],
  ['in JSON', JSON.stringify({ Reason: SECRET })],
  ['in JSON in JSON', JSON.stringify({ Payload: JSON.stringify({ Reason: SECRET }) })],
  ['in SQL', `CREATE ROLE x PASSWORD '${SECRET.replace("'", "''")}'`],
  ['in a URL', `https://example.com/?p=${encodeURIComponent(SECRET)}`],
  ['in Base64', Buffer.from(SECRET).toString('base64')],
])('finds a secret %s', (_how, text) => {
  writeFileSync(join(dir, 'evidence', 'postgresql.log'), `LOG:  statement: ${text}\n`);
  expect(found()).toEqual([
    `${join(dir, 'evidence', 'postgresql.log')}: a secret of 24 characters that starts with p"a`,
  ]);
});

test('finds fault with a search for nothing', () => {
  expect(leaks({ cloud: { dir, evidence: join(dir, 'evidence') }, secrets: new Set() })).toEqual([
    `${dir}: no secret was in use, so none can have been found`,
  ]);
});

test("finds a secret in a function's output, not in what the emulator called the function with", () => {
  const call = `12:00:00.1 --- Function-1 (0.10s exit 0) event=${JSON.stringify({ password: SECRET })}`;
  writeFileSync(join(dir, 'localaws.log'), `${call}\nconnected\n`);
  expect(found()).toEqual([]);
  writeFileSync(join(dir, 'localaws.log'), `${call}\nconnecting with ${JSON.stringify(SECRET)}\n`);
  expect(found()).toHaveLength(1);
});

test.each([
  ['a password', SECRET, [SECRET]],
  ['a password that begins with a brace', '{2<k]a', ['{2<k]a']],
  ['a password that reads as a number', '20261125', ['20261125']],
  ['a login', JSON.stringify({ username: 'datafold', password: SECRET }), [SECRET]],
  [
    'a data source',
    JSON.stringify({ name: 'app', options: { host: 'h', password: 'one', aws_secret_access_key: 'two' } }),
    ['one', 'two'],
  ],
])('looks for what is secret in %s', (_what, text, secrets) => {
  expect(secretsIn(text)).toEqual(secrets);
});
