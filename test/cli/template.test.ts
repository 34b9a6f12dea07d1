import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
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

test.each(['provisioner', 'sql-runner'])(
  'the code of the %s in a template is that of its asset, compressed',
  (name) => {
    const inline = readFileSync(join(ROOT, `assets/inline/${name}.js`), 'utf8');
    // As docs/no-code.md shows it.
    const command = `tr -d '\\n' | sed "s/.*Buffer.from('//; s/'.*//" | base64 -d | gunzip`;
    const code = execFileSync('bash', ['-c', command], { input: inline, encoding: 'utf8' });
    const [, text] = /Buffer\.from\('([^']+)'/.exec(inline)!;
    expect(code).toBe(gunzipSync(Buffer.from(text, 'base64')).toString());
    const asset = readFileSync(join(ROOT, `assets/${name}/index.js`), 'utf8');
    // The asset reads the certificates of RDS from a file; else the code is the same but for short names.
    const words = (of: string) => new Set(of.match(/[A-Za-z]{12,}/g));
    expect(words(asset).size).toBeGreaterThan(200);
    expect([...words(asset)].filter((word) => !code.includes(word))).toEqual([]);
  },
);
