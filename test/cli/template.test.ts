import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionFiles, inlineCode } from '../../lib/private/functions/function-code';
import { run } from './support/run';

const ROOT = join(__dirname, '../..');

test.each([
  [[], 'Name the kind of server by --server aurora or --server instance.'],
  [
    ['--server', 'mysql'],
    "Option '--server <KIND>' argument 'mysql' is invalid. Allowed choices are aurora, instance.",
  ],
])('template %j ends with status 2 and says why', async (args, message) => {
  const error = `${message}\ncdk-datafold-postgres template --help shows the options.\n`;
  expect(await run(['template', ...args])).toEqual({ status: 2, out: '', error });
});

test.each(['provisioner', 'sql-runner'] as const)(
  'the code of the %s in a template is that of its asset, compressed, and so are the certificates',
  (name) => {
    const readAsset = (file: string) => readFileSync(join(ROOT, 'assets', file));
    // As docs/no-code.md shows it.
    const command = `sed -n "s/.*unpack('\\([^']*\\)'.*/\\1/p" |
      while read -r code; do echo "$code" | base64 -d | gunzip; done`;
    const input = inlineCode(name, readAsset);
    const code = execFileSync('bash', ['-c', command], { input, encoding: 'utf8', maxBuffer: 1e7 });
    expect(code).toBe([...functionFiles(name, readAsset).values()].join(''));
    const asset = readFileSync(join(ROOT, `assets/${name}/index.js`), 'utf8');
    expect(code.startsWith(asset)).toBe(true);
  },
);
