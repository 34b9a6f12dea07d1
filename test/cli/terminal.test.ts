import { adviceFor, isSessionOver } from '../../lib/cli/aws/session';
import { defineCommand } from '../../lib/cli/command';
import { explain } from '../../lib/cli/explain';
import { styles, terminalOf, wantsColors } from '../../lib/cli/terminal';
import { progressOn } from '../../lib/cli/terminal/progress';
import { table } from '../../lib/cli/terminal/table';
import { jsonText, visibleName, visibleText } from '../../lib/cli/terminal/visible';
import { wrap } from '../../lib/cli/terminal/wrap';
import { AwsFailure } from '../../lib/handler/provisioner/aws/failure';
import { run } from './support/run';

const COLUMNS = [{ header: 'SERVER' }, { header: 'ENGINE' }, { header: 'STATE' }];
const ROWS = [
  ['orders', 'Aurora PostgreSQL 16.4', 'supported'],
  ['a-server-with-a-long-name-in-eu', 'PostgreSQL 9.6', 'PostgreSQL 9.6 is not supported: 10 is the lowest'],
  ['倉庫', '', ''],
];
const drawn = (columns: number) => table(COLUMNS, ROWS, { columns });

describe('a table', () => {
  test('has columns as wide as their cells, wide characters included, if nothing limits it', () => {
    expect(drawn(Infinity)).toBe(`SERVER                           ENGINE                  STATE
orders                           Aurora PostgreSQL 16.4  supported
a-server-with-a-long-name-in-eu  PostgreSQL 9.6          PostgreSQL 9.6 is not supported: 10 is the lowest
倉庫
`);
  });

  test('wraps the widest columns so that it fits the terminal', () => {
    expect(drawn(60)).toBe(`SERVER              ENGINE               STATE
orders              Aurora PostgreSQL    supported
                    16.4
a-server-with-a-    PostgreSQL 9.6       PostgreSQL 9.6 is
long-name-in-eu                          not supported: 10
                                         is the lowest
倉庫
`);
  });

  test('becomes a list where columns would be unreadable', () => {
    expect(drawn(26)).toBe(`SERVER: orders
ENGINE: Aurora PostgreSQL
16.4
STATE: supported

SERVER:
a-server-with-a-long-name-
in-eu
ENGINE: PostgreSQL 9.6
STATE: PostgreSQL 9.6 is
not supported: 10 is the
lowest

SERVER: 倉庫
`);
  });

  test('keeps its layout with colors', () => {
    const { red, bold } = styles({ hasColors: true });
    expect(
      table(
        [{ header: 'A', minWidth: 4 }, { header: 'B' }],
        [[{ text: 'no', style: red }, 'x']],
        { columns: 80 },
        bold,
      ),
    ).toBe('\u001b[1mA\u001b[22m     \u001b[1mB\u001b[22m\n\u001b[31mno\u001b[39m    x\n');
  });

  test('without headings has no line of them', () => {
    expect(table([{}, {}], [['a', 'b']], { columns: 80 })).toBe('a  b\n');
  });
});

test('a word that is longer than a line is broken after punctuation, else anywhere', () => {
  expect(wrap('see arn:aws:rds:eu-west-1:1:cluster:orders now', 16)).toEqual([
    'see',
    'arn:aws:rds:eu-',
    'west-1:1:',
    'cluster:orders',
    'now',
  ]);
  expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
});

test.each([
  [false, {}, true, true],
  [false, {}, false, false],
  [false, { TERM: 'dumb' }, true, false],
  [false, { NO_COLOR: '1' }, true, false],
  [false, { NO_COLOR: '' }, true, true],
  [false, { FORCE_COLOR: '1' }, false, true],
  [false, { FORCE_COLOR: '0' }, true, false],
  [true, { FORCE_COLOR: '1' }, true, false],
])(
  'with --no-color %s, the environment %j and a terminal %s colors are %s',
  (refused, env, terminal, colors) => {
    expect(wantsColors(refused, env, terminal)).toBe(colors);
  },
);

test('--no-color may stand anywhere before --', () => {
  const stream = { isTTY: true, columns: 97, write: () => true } as unknown as NodeJS.WriteStream & { fd: 1 };
  const of = (...args: string[]) => terminalOf({ stdout: stream, stderr: stream as never, env: {} }, args);
  expect(of('sql', '--no-color', '--remove')).toMatchObject({
    args: ['sql', '--remove'],
    terminal: { columns: 97, hasColors: false },
  });
  expect(of('sql', '--', '--no-color')).toMatchObject({
    args: ['sql', '--', '--no-color'],
    terminal: { hasColors: true },
  });
});

describe('progress', () => {
  const written = (isTTY: boolean) => {
    let text = '';
    const progress = progressOn({ isTTY, columns: 40, write: (more) => (text += more) });
    progress.show('checking a name that is far longer than the line of the terminal');
    progress.part('reading', 1, 3);
    progress.part('reading', 1, 3);
    progress.end();
    return text;
  };

  test('is one line that is no wider than the terminal, with a bar where the whole is known', () => {
    expect(written(true).split('\r\u001b[K')).toEqual([
      '',
      'checking a name that is far longer than',
      '████████░░░░░░░░░░░░░░░░  33 %  reading',
      '',
    ]);
  });

  test('is nothing if standard error is a file', () => {
    expect(written(false)).toBe('');
  });
});

describe('an error', () => {
  const named = (name: string, message = '', cause?: Error) =>
    Object.assign(new Error(message, { cause }), { name });

  test.each([
    [
      named('ExpiredTokenException', 'The security token included in the request is expired'),
      /^The AWS credentials have expired\. Renew/,
    ],
    [
      new AwsFailure('rds:DescribeDBClusters', 'orders', 'ExpiredToken'),
      /^The AWS credentials have expired\. Renew/,
    ],
    [
      named('Error', 'rds:X on y failed', named('RequestExpired')),
      /^The AWS credentials have expired\. Renew/,
    ],
    [named('Error', 'Region is missing'), /^No region is set\./],
    [
      named('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
      /aws sso login --profile prod,/,
    ],
    [
      named(
        'CredentialsProviderError',
        'Could not resolve credentials using profile: [prod] in configuration/credentials file(s).',
      ),
      /^There is no profile prod with/,
    ],
    [named('UnrecognizedClientException'), /^AWS does not accept the credentials:/],
    [named('InvalidClientTokenId'), /^AWS does not accept the credentials:/],
    [named('SignatureDoesNotMatch'), /clock of this machine/],
    [named('Error', 'getaddrinfo ENOTFOUND rds.eu-wst-1.amazonaws.com'), /check the name of the region/],
  ])('of the session (%s) has its own advice', (error, advice) => {
    expect(adviceFor(error, 'prod')).toMatch(advice);
  });

  test('stops a run only if the credentials of the user have expired, not for the wrong key of somebody else', () => {
    expect(isSessionOver(named('Error', 'x', named('ExpiredToken')))).toBe(true);
    expect(isSessionOver(named('UnrecognizedClientException'))).toBe(false);
  });

  test.each([
    [named('Error', 'The stack is gone.'), 'The stack is gone.'],
    [named('TypeError', 'x is not a function'), 'TypeError: x is not a function'],
    [
      Object.assign(new Error('EACCES'), { code: 'EACCES', path: '/etc/x.ts' }),
      '/etc/x.ts could not be written (EACCES). Permission denied: name a file or folder that you may write.',
    ],
  ])('is explained without a stack trace: %s', (error, text) => {
    expect(explain(error)).toBe(text);
  });
});

describe('invisible characters', () => {
  const hostile = 'a\u001b]0;title\u0007b\u009b2Jc\u202ed\re';
  const replaced = 'a\ufffd]0;title\ufffdb\ufffd2Jc\ufffdd\ufffde';
  const { green, bold } = styles({ hasColors: true });

  test('are replaced in a text, with or without colors', () => {
    for (const hasColors of [true, false])
      expect(visibleText(`${hostile}\n\tx`, { hasColors })).toBe(`${replaced}\n\tx`);
  });

  test('are replaced in the cells of a table, before a style is applied', () => {
    const name = `${hostile}\u001b[32mok\u001b[39m`;
    const shown = `${replaced}\ufffd[32mok\ufffd[39m`;
    expect(table([{}], [[name]], { columns: Infinity })).toBe(`${shown}\n`);
    expect(table([{}], [[{ text: name, style: green }]], { columns: Infinity })).toBe(`${green(shown)}\n`);
  });

  test('stay where they are styles of a terminal with colors', () => {
    const text = `${bold('A')} ${green('ok')}`;
    expect(visibleText(text, { hasColors: true })).toBe(text);
    expect(visibleText(text, { hasColors: false })).not.toContain('\u001b');
    expect(visibleText('\u0007[32mx\u001b[8my', { hasColors: true })).toBe('\ufffd[32mx\ufffd[8my');
  });

  test('of a name are replaced with its line breaks, so that no name forges a line', () => {
    expect(visibleName('a\n11 checks: 11 ok\t')).toBe('a\ufffd11 checks: 11 ok\ufffd');
  });

  test('are escaped in JSON, and the value stays', () => {
    const text = jsonText({ hostile: `${hostile}\u{e0001}` });
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(JSON.parse(text)).toEqual({ hostile: `${hostile}\u{e0001}` });
  });

  test('are replaced in an error and in the progress', async () => {
    const failing = defineCommand({
      name: 'fail',
      summary: 'fail',
      description: 'Fails.',
      usage: '',
      options: {},
      notes: '',
      run: async () => Promise.reject(new Error(hostile)),
    });
    expect(await run(['fail'], [failing])).toMatchObject({ status: 1, error: `${replaced}\n` });
    let written = '';
    progressOn({ isTTY: true, columns: 80, write: (text: string) => (written += text) }).show(hostile);
    expect(written).toBe(`\r\u001b[K${replaced} …`);
  });
});
