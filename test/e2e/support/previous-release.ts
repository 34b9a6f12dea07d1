import { build } from 'esbuild';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './lab';
import { shell } from './shell';
import { Skipped } from './skipped';

/** Stands for the previous release until there is one: a commit that every scenario can be deployed from. */
const EARLY = '2b11383';

/**
 * The folder of the previous release's package, as npm packs it and an app installs it.
 *
 * It lies in the repository, so that it finds the same aws-cdk-lib as the app that uses it.
 */
export async function previousRelease(): Promise<string> {
  return (prepared ??= prepare());
}

let prepared: Promise<string> | undefined;

async function prepare(): Promise<string> {
  const commit = await previousCommit();
  const folder = join(REPOSITORY, '.cache/e2e', commit);
  const unpacked = join(folder, 'package');
  if (!existsSync(join(unpacked, 'package.json'))) {
    rmSync(folder, { recursive: true, force: true });
    const source = join(folder, 'source');
    mkdirSync(source, { recursive: true });
    await must('git', ['-C', REPOSITORY, 'archive', '--output', join(folder, 'source.tar'), commit]);
    await must('tar', ['-xf', join(folder, 'source.tar'), '-C', source]);
    await compile(source);
    await must('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], source);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
    await must('tar', ['-xzf', join(folder, tarball), '-C', folder]);
  }
  return unpacked;
}

/** The last tag before this commit, else that commit. */
async function previousCommit(): Promise<string> {
  const tag = await git('describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD~1');
  if (tag) return tag;
  if (await git('rev-parse', '--verify', `${EARLY}^{commit}`)) return EARLY;
  throw new Skipped('the history of this clone does not go back to a previous release');
}

/** The same JavaScript as of the release, in a fraction of the time that jsii takes. */
async function compile(source: string): Promise<void> {
  const all = readdirSync(join(source, 'lib'), { recursive: true, encoding: 'utf8' });
  const entryPoints = all
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(source, 'lib', name));
  await build({
    entryPoints,
    outdir: join(source, 'dist'),
    platform: 'node',
    target: 'node20',
    format: 'cjs',
  });
  await must('node', ['scripts/bundle.mjs'], source);
}

async function git(...args: string[]): Promise<string | undefined> {
  const { code, text } = await shell('git', ['-C', REPOSITORY, ...args]);
  return code === 0 ? text.trim() : undefined;
}

async function must(program: string, args: string[], cwd?: string): Promise<void> {
  const { code, text } = await shell(program, args, { cwd });
  if (code !== 0) {
    throw new Error(`${program} ${args.join(' ')} failed:\n${text}`);
  }
}
