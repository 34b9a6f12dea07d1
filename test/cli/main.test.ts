import { execFileSync, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { AWS_OPTIONS, defineCommand } from '../../lib/cli/command';
import { run } from './support/run';

const ROOT = join(__dirname, '../..');
const BUNDLE = join(ROOT, 'dist/cli/index.js');
const PACKAGE = jest.requireActual<{ version: string }>('../../package.json');

test.each([
  [['frob'], "Unknown command 'frob'.", ''],
  [['sqll'], "Unknown command 'sqll'. Did you mean sql?", ''],
  [['help', 'docter'], "Unknown command 'docter'. Did you mean doctor?", ''],
  [['frob', '--help'], "Unknown command 'frob'.", ''],
  [['--vresion'], "Unknown option '--vresion'. Did you mean --version?", ''],
  [['sql', '--databse', 'app'], "Unknown option '--databse'. Did you mean --database?", 'sql '],
  [['sql', 'app'], "Too many arguments for 'sql'. Expected 0 arguments but got 1.", 'sql '],
  [
    ['sql', '--database', 'app', '--owners', 'clerk', '--no-future-tables'],
    "Option '--owners <A,B>' cannot be used with option '--no-future-tables'.",
    'sql ',
  ],
  [['doctor'], 'Name a stack by --stack, or a secret by --secret.', 'doctor '],
  [['doctor', '--stack'], "Option '--stack <NAME>' argument missing.", 'doctor '],
  [['doctor', '--stack', '', '--secret', 'x'], '--stack must not be empty.', 'doctor '],
  [['doctor', '--secret='], '--secret must not be empty.', 'doctor '],
  [
    ['doctor', '--stack', 'Shop', '--ca', '/no/such.pem'],
    "--ca /no/such.pem can't be read: ENOENT.",
    'doctor ',
  ],
  [['accept'], 'Name a stack by --stack.', 'accept '],
  [['completion'], "Missing required argument 'SHELL'.", 'completion '],
  [
    ['completion', 'tcsh'],
    "Command-argument value 'tcsh' is invalid for argument 'SHELL'. Allowed choices are bash, zsh, fish.",
    'completion ',
  ],
])('%j ends with status 2 and says why', async (args, message, command) => {
  const error = `${message}\ncdk-datafold-postgres ${command}--help shows the options.\n`;
  expect(await run(args)).toEqual({ status: 2, out: '', error });
});

test.each(['--version', '-V'])('%s prints the version of the package', async (option) => {
  expect(await run([option])).toEqual({ status: 0, out: `${PACKAGE.version}\n`, error: '' });
});

test('a command gets the values of its options under their names, and its argument', async () => {
  const command = defineCommand({
    name: 'try',
    summary: '',
    description: '',
    usage: 'THING',
    argument: { name: 'THING', help: '' },
    options: {
      ...AWS_OPTIONS,
      'at-most': { value: 'N', help: '', default: '3' },
      kind: { value: 'KIND', help: '', multiple: true, choices: ['a', 'b'] },
      json: { help: '' },
      'dry-run': { help: '' },
      'no-write': { help: '' },
      'no-read': { help: '' },
    },
    async run(values, terminal, thing) {
      terminal.out(JSON.stringify({ ...values, thing }));
      return 1;
    },
  });
  const args = ['try', 'it', '--kind', 'a', '--dry-run', '--kind=b', '--no-write', '--region', 'eu-west-1'];
  const { status, out } = await run(args, [command]);
  expect(status).toBe(1);
  expect(JSON.parse(out)).toEqual({
    region: 'eu-west-1',
    'at-most': '3',
    kind: ['a', 'b'],
    json: false,
    'dry-run': true,
    'no-write': true,
    'no-read': false,
    thing: 'it',
  });
  expect((await run(['try', 'it', '--kind', 'c'], [command])).error).toBe(
    "Option '--kind <KIND>' argument 'c' is invalid. Allowed choices are a, b.\ncdk-datafold-postgres try --help shows the options.\n",
  );
});

describe('the bundled command line tool', () => {
  const bare = { PATH: process.env.PATH, HOME: '/no/home', NODE_NO_WARNINGS: '1' };
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}, stdout: 'pipe' | number = 'pipe') =>
    spawnSync(process.execPath, [BUNDLE, ...args], {
      encoding: 'utf8',
      cwd: '/',
      env: { ...bare, AWS_EC2_METADATA_DISABLED: 'true', ...env },
      stdio: ['ignore', stdout, 'pipe'],
    });

  test('runs without node_modules', () => {
    expect(start(['sql', '--database', 'app']).stdout).toContain('CREATE ROLE "datafold" LOGIN;');
    expect(start(['sql'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^--database is missing/) as string,
    });
  });

  test('prints colors on a terminal or by FORCE_COLOR, and none with --no-color or NO_COLOR', () => {
    const isBold = (args: readonly string[], env?: NodeJS.ProcessEnv) =>
      start(['sql', '--help', ...args], env).stdout.includes('\u001b[1m');
    expect(isBold([])).toBe(false);
    expect(isBold([], { FORCE_COLOR: '1' })).toBe(true);
    expect(isBold(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
    expect(isBold([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });

  const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
  test.each([
    [
      'no credentials',
      {},
      'There are no AWS credentials. Name a profile by --profile or AWS_PROFILE, or log in (aws configure sso, aws sso login).\n',
    ],
    [
      'a profile that does not exist',
      { AWS_PROFILE: 'nope' },
      'There is no profile nope with credentials. aws configure list-profiles lists the profiles; name one by --profile.\n',
    ],
    [
      'no region',
      KEYS,
      'No region is set. Name one by --region or AWS_REGION, or set it in your profile (aws configure set region REGION).\n',
    ],
  ])('with %s says what to do, once, and ends with 1', (_, env, stderr) => {
    expect(start(['doctor', '--stack', 'Shop'], env)).toMatchObject({ status: 1, stdout: '', stderr });
  });

  const testOnLinux = process.platform === 'linux' ? test : test.skip;
  testOnLinux('says that the disk is full, without a stack trace', () => {
    expect(start(['sql', '--database', 'app'], {}, openSync('/dev/full', 'w'))).toMatchObject({
      status: 1,
      stderr:
        'The output could not be written (ENOSPC). There is no space left on the device: free some, then run the command again.\n',
    });
  });

  testOnLinux('ends without a word if the reader of its output has read enough', () => {
    const many = Array.from({ length: 40 }, (_, i) => `--database a${i}`).join(' ');
    const pipe = `"${process.execPath}" "${BUNDLE}" sql ${many} | true; echo "\${PIPESTATUS[0]}"`;
    expect(spawnSync('bash', ['-c', pipe], { encoding: 'utf8', env: bare })).toMatchObject({
      stdout: '1\n',
      stderr: '',
    });
  });
});

test('whoever only synthesizes loads no file of the command line tool, and no SDK of AWS', () => {
  const script = `require(${JSON.stringify(ROOT)});
    console.log(Object.keys(require.cache).filter((file) => /dist.cli|@aws-sdk|commander/.test(file)).join('\\n'))`;
  const env = { ...process.env, NODE_NO_WARNINGS: '1' };
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: ROOT, env }).trim()).toBe(
    '',
  );
});
