import type { App } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { version as cdkVersion } from 'aws-cdk-lib/package.json';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import manifest from '../package.json';
import { hasPython, typescriptOf } from './support/python-app';
import { templateSnapshot } from './support/template-snapshot';

const root = join(__dirname, '..');
const folder = join(root, 'examples');
const snapshots = join(__dirname, 'snapshots');
const examples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'cdk.json')));
const inPython = examples.filter((name) => existsSync(join(folder, name, 'app.py')));

const textOf = (example: string, file: string) => readFileSync(join(folder, example, file), 'utf8');
const cdkJson = (example: string) =>
  JSON.parse(textOf(example, 'cdk.json')) as { app: string; context: Record<string, unknown> };
/** Other versions of the CDK write other templates. */
const isCdkOfSnapshots = cdkVersion === manifest.devDependencies['aws-cdk-lib'];

/** Synthesizes an app with the context of its cdk.json, and returns the text of each template by its file name. */
function snapshotsOf(example: string, synth: () => CloudAssembly): Record<string, string> {
  process.env.CDK_CONTEXT_JSON = JSON.stringify(cdkJson(example).context);
  try {
    const entries = synth().stacksRecursively.map(({ id, template }) => [
      `${example}/${id}.json`,
      templateSnapshot(template as Parameters<typeof templateSnapshot>[0]),
    ]);
    return Object.fromEntries(entries) as Record<string, string>;
  } finally {
    delete process.env.CDK_CONTEXT_JSON;
  }
}

const synthesized: Record<string, Record<string, string>> = {};
/** The templates of all examples, by a name for a file. */
const templates: Record<string, object> = {};
/** By example: what the CDK CLI would look up in AWS. */
const lookups: Record<string, unknown[]> = {};

/** An example exports one function, which creates its app. */
async function synthesize(example: string): Promise<void> {
  const [createApp] = Object.values(
    (await import(join(folder, example, 'app.ts'))) as object,
  ) as (() => App)[];
  synthesized[example] = snapshotsOf(example, () => {
    const assembly = createApp().synth();
    lookups[example] = assembly.manifest.missing ?? [];
    for (const { id, template } of assembly.stacksRecursively)
      templates[`${example}-${id}.json`] = template as object;
    return assembly;
  });
}

function renewSnapshots(): void {
  rmSync(snapshots, { recursive: true, force: true });
  for (const [name, text] of Object.values(synthesized).flatMap((texts) => Object.entries(texts))) {
    mkdirSync(join(snapshots, name, '..'), { recursive: true });
    writeFileSync(join(snapshots, name), text);
  }
}

beforeAll(async () => {
  for (const example of examples) await synthesize(example);
  if (process.env.UPDATE_SNAPSHOTS) renewSnapshots();
});

test('the examples are those that the README of the folder lists', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const listed = [...readme.matchAll(/^\| \[([\w-]+)\]\(\1\/README\.md\)/gm)].map(([, name]) => name);
  expect([...listed].sort()).toEqual(examples);
});

test('the examples need no lookup, so they can be synthesized without credentials', () => {
  expect(lookups).toEqual(Object.fromEntries(examples.map((example) => [example, []])));
});

test.each(examples)(
  'the example %s has a README of at most 16 lines, which says how to start it',
  (example) => {
    const readme = textOf(example, 'README.md');
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(16);
    expect(readme).toContain('npx cdk synth');
    expect(cdkJson(example).app).toBe('npx tsx app.ts');
  },
);

const canLint =
  isCdkOfSnapshots &&
  (spawnSync('cfn-lint', ['--version']).status === 0 || process.env.REQUIRE_CFN_LINT === '1');
/**
 * What the CDK does everywhere (dependencies that a reference implies, Availability Zones of a stack with a region), and a major version
 * without a minor one, for which RDS takes its default.
 */
const ACCEPTED = ['W3005', 'W3010', 'W3691'];

(canLint ? test : test.skip)('cfn-lint has nothing to say about the examples', () => {
  const folder = mkdtempSync(join(tmpdir(), 'datafold-lint-'));
  try {
    const files = Object.entries(templates).map(([name, template]) => {
      writeFileSync(join(folder, name), JSON.stringify(template, null, 1));
      return join(folder, name);
    });
    expect(files.length).toBeGreaterThanOrEqual(examples.length);
    const { stdout, status } = spawnSync('cfn-lint', ['-i', ...ACCEPTED, '--', ...files], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

(isCdkOfSnapshots ? describe : describe.skip)(
  'templates that differ from test/snapshots are reviewed, then renewed by `npm run snapshots`',
  () => {
    test.each(examples)('the templates of the example %s are as stored', (example) => {
      const stored = readdirSync(join(snapshots, example)).map((file) => [
        `${example}/${file}`,
        readFileSync(join(snapshots, example, file), 'utf8'),
      ]);
      expect(synthesized[example]).toEqual(Object.fromEntries(stored));
    });

    test('no example is stored that no longer exists', () => {
      expect(readdirSync(snapshots)).toEqual(examples);
    });
  },
);

// test/docs.test.ts compiles them.
describe('the examples in Python', () => {
  const testWithPython = hasPython ? test : test.skip;

  testWithPython.each(inPython)('synthesize what TypeScript does: %s', (example) => {
    const { outputText } = ts.transpileModule(
      `${typescriptOf(join(folder, example, 'app.py'))}\nexport const assembly = v0.synth();`,
      {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      },
    );
    const synth = () => {
      const exported = {} as { assembly: CloudAssembly };
      new Function('require', 'exports', outputText)(require, exported);
      return exported.assembly;
    };
    expect(snapshotsOf(example, synth)).toEqual(synthesized[example]);
  });

  test.each(inPython)('require the versions that package.json names: %s', (example) => {
    const { version, peerDependencies } = manifest;
    const required = { ...peerDependencies, 'cdk-datafold-postgres': `^${version}` };
    expect(textOf(example, 'requirements.txt').trimEnd().split('\n')).toEqual(
      Object.entries(required).map(([name, range]) => {
        const [, lowest, major] = /^\^((\d+)\..*)$/.exec(range)!;
        return `${name}>=${lowest},<${Number(major) + 1}`;
      }),
    );
  });
});
