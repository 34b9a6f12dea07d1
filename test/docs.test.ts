import { execFileSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { addFleet } from '../bin/fleet/add-fleet';
import { JsonFile } from '../bin/fleet/json-file';
import { parseFleet } from '../bin/fleet/read-fleet';
import { documentation } from '../lib/private/references';
import { compileErrors } from './support/compile';
import { inFixture } from './support/fixture';
import { hasPython, typescriptOf } from './support/python-app';

const root = join(__dirname, '..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
/** A snippet with imports is a whole program; one without is put into the fixture of the docs, as `npm run snippets` does. */
const snippetsOf = (page: string) =>
  [...textOf(page).matchAll(/^( *)```ts(?: nofixture)?\n([\s\S]*?)^\1```/gm)].map(([, , code]) =>
    /^ *import /m.test(code) ? code : inFixture('docs', code),
  );

test('the snippets in README and docs compile, and the examples in Python have the names and types of TypeScript', () => {
  const snippets = pages.flatMap(snippetsOf).map((code, i) => [`snippet-${i}.ts`, code]);
  const examples = readdirSync(join(root, 'examples'))
    .map((name) => ({ name, file: join(root, 'examples', name, 'app.py') }))
    .filter(({ file }) => hasPython && existsSync(file))
    .map(({ name, file }) => [`${name}.ts`, typescriptOf(file)]);
  const apps = [...snippets, ...examples];
  expect(snippets.length).toBeGreaterThan(15);
  expect(examples.length).toBeGreaterThanOrEqual(hasPython ? 3 : 0);
  expect(compileErrors(Object.fromEntries(apps) as Record<string, string>)).toEqual([]);
});

test('the assertions in docs/testing.md hold', () => {
  const apps = snippetsOf('docs/testing.md').filter((code) => !code.includes('declare const'));
  expect(apps).toHaveLength(2);
  for (const code of apps) {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    new Function('require', 'exports', outputText)(require, {});
  }
});

test('the fleet file in the docs can be deployed', () => {
  const [, text] = /```json\n(\{\n {2}"\$schema": [\s\S]*?)```/.exec(textOf('docs/no-code.md'))!;
  const app = new App();
  addFleet(app, parseFleet(new JsonFile('no-code.md', text)));
  expect(app.node.children.map(({ node }) => node.id).filter((id) => id !== 'Tree')).toEqual([
    '111111111111-eu-west-1-logs-user',
    '222222222222-us-east-1-logs-user',
    '111111111111-eu-west-1-cluster-orders',
    '111111111111-eu-west-1-instance-billing',
    '222222222222-us-east-1-cluster-orders',
  ]);
});

const anchorsIn = (page: string) => [
  ...[...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  ),
  ...[...textOf(page).matchAll(/<a name="[^"]*" id="([^"]+)"/g)].map(([, id]) => id),
];

const exampleReadmes = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('README.md'))
  .map((name) => `examples/${name}`);

test.each([...pages, ...exampleReadmes])('the links in %s lead to pages and headings that exist', (page) => {
  const broken = [...textOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    .filter(([, path, anchor]) => {
      const target = path ? join(dirname(page), path) : page;
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsIn(target).includes(anchor);
    })
    .map(([link]) => link);
  expect(broken).toEqual([]);
});

test('a message that names a page of the documentation names one that exists, where package.json says the project is', () => {
  const { homepage } = JSON.parse(textOf('package.json')) as { homepage: string };
  const sources = execFileSync('git', ['ls-files', 'lib'], { cwd: root, encoding: 'utf8' }).split('\n');
  const named = sources.flatMap((file) =>
    [...(file.endsWith('.ts') ? textOf(file) : '').matchAll(/documentation\('([\w-]+)'\)\}#?([\w-]*)/g)].map(
      ([, page, anchor]) => [`docs/${page}.md`, anchor] as const,
    ),
  );
  expect(named.length).toBeGreaterThan(5);
  for (const [page, anchor] of named) {
    expect(pages).toContain(page);
    if (anchor !== '') expect(anchorsIn(page)).toContain(anchor);
  }
  expect(documentation('network')).toBe(homepage.replace('#readme', '/blob/main/docs/network.md'));
  const unlinked = sources.filter(
    (file) =>
      file.endsWith('.ts') &&
      /['"`(][^*\n]*[ (]docs\/[\w-]+\.md/.test(textOf(file).replace(/^\s*(\*|\/\*\*|\/\/).*$/gm, '')),
  );
  expect(unlinked).toEqual([]);
});

test('the README is at most 10 kB, a page of the docs at most 14 kB', () => {
  const sizes = pages.map((page) => ({
    page,
    size: statSync(join(root, page)).size,
    limit: page === 'README.md' ? 10_000 : 14_000,
  }));
  expect(sizes.filter(({ size, limit }) => size > limit)).toEqual([]);
});

test('the README names every page of the docs', () => {
  const named = textOf('README.md');
  const forContributors = ['docs/real-aws.md'];
  expect(
    pages.slice(1).filter((page) => !named.includes(`(${page}`) && !forContributors.includes(page)),
  ).toEqual([]);
});

test('the source files that the pages for contributors name exist', () => {
  const sources = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
  const named = ['CONTRIBUTING.md', 'docs/architecture.md', 'docs/architecture-sql.md'].flatMap((page) =>
    [...textOf(page).matchAll(/`([\w./-]+\.(?:ts|mjs))`/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !sources.some((file) => `/${file}`.endsWith(`/${name}`)))).toEqual([]);
});
