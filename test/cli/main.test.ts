import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { main } from '../../lib/cli/main';
import { OPTIONS as ACCEPT_OPTIONS } from '../../lib/cli/accept';
import { OPTIONS as DOCTOR_OPTIONS } from '../../lib/cli/doctor';
import { OPTIONS as SQL_OPTIONS } from '../../lib/cli/sql';

const BUNDLE = join(__dirname, '../../dist/cli/index.js');

/** Runs a command; what it prints and its exit status. */
async function run(...args: string[]) {
  let [out, error] = ['', ''];
  const status = await main(args, {
    out: (text) => void (out += text),
    error: { write: (text) => (error += text) },
  });
  return { status, out, error };
}

test('prints the commands if none is given', async () => {
  const help = await run('--help');
  expect(help).toEqual({
    status: 0,
    error: '',
    out: expect.stringMatching(/^Usage: cdk-datafold-postgres COMMAND/),
  });
  expect(await run()).toEqual(help);
});

test.each([
  ['sql', SQL_OPTIONS],
  ['doctor', DOCTOR_OPTIONS],
  ['accept', ACCEPT_OPTIONS],
])('%s --help names every option', async (command, options) => {
  const { status, out } = await run(command, '--help');
  for (const name of Object.keys(options)) expect(out).toMatch(new RegExp(`^ .*--${name}\\b`, 'm'));
  expect(status).toBe(0);
  expect(out).toMatch(new RegExp(`^Usage: cdk-datafold-postgres ${command} `));
  expect(out.split('\n').every((line) => line.length <= 130)).toBe(true);
});

test.each([
  [
    ['frob'],
    'There is no command frob, only sql, doctor, accept.\ncdk-datafold-postgres --help shows the options.\n',
  ],
  [
    ['sql', '--databse', 'app'],
    "Unknown option '--databse'.\ncdk-datafold-postgres sql --help shows the options.\n",
  ],
  [['sql', 'app'], "Unexpected argument 'app'.\ncdk-datafold-postgres sql --help shows the options.\n"],
  [
    ['doctor'],
    'Name a stack by --stack, or a secret by --secret.\ncdk-datafold-postgres doctor --help shows the options.\n',
  ],
  [
    ['doctor', '--stack', '', '--secret='],
    'Name a stack by --stack, or a secret by --secret.\ncdk-datafold-postgres doctor --help shows the options.\n',
  ],
  [
    ['doctor', '--stack', 'Shop', '--ca', '/no/such.pem'],
    "--ca /no/such.pem can't be read: ENOENT.\ncdk-datafold-postgres doctor --help shows the options.\n",
  ],
])('%j ends with status 2 and says why', async (args, error) => {
  expect(await run(...args)).toEqual({ status: 2, out: '', error });
});

test('the bundled command line tool runs without node_modules', () => {
  const env = { PATH: process.env.PATH };
  const text = execFileSync(process.execPath, [BUNDLE, 'sql', '--database', 'app'], {
    encoding: 'utf8',
    cwd: '/',
    env,
  });
  expect(text).toContain('CREATE ROLE "datafold" LOGIN;');
  const wrong = spawnSync(process.execPath, [BUNDLE, 'sql'], { encoding: 'utf8', cwd: '/', env });
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/^--database is missing/);
});
