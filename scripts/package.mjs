// Builds the packages of the library into dist/packages.
//
//   npm run package                          the npm package, and the code of the other languages
//   npm run package -- python java dotnet go   also the packages of these languages, which requires their tools and registries
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { releaseTool } from './release-tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = `${root}dist/packages`;
const LANGUAGES = ['python', 'java', 'dotnet', 'go'];
const built = process.argv.slice(2);
const unknown = built.filter((language) => !LANGUAGES.includes(language));
if (unknown.length > 0)
  throw new Error(`There is no language ${unknown.join(', ')}, only ${LANGUAGES.join(', ')}.`);
const codeOnly = LANGUAGES.filter((language) => !built.includes(language));

// Builds only once: the npm hooks would build again for each language.
const env = { ...process.env, npm_config_ignore_scripts: 'true' };
const run = (command, ...args) => execFileSync(command, args, { cwd: root, env, stdio: 'inherit' });
const pacmak = (languages, ...options) => {
  if (languages.length === 0) return;
  run(
    releaseTool('jsii-pacmak'),
    '--outdir',
    packages,
    '--no-npmignore',
    ...options,
    '--targets',
    ...languages,
  );
};

rmSync(packages, { recursive: true, force: true });
mkdirSync(`${packages}/js`, { recursive: true });
run('npm', 'run', 'build');
run('node', 'scripts/language-names.mjs');
run('npm', 'run', 'snippets');
run('npm', 'pack', '--pack-destination', `${packages}/js`);
pacmak(built);
pacmak(codeOnly, '--code-only');
if (codeOnly.includes('python')) {
  run('python3', '-m', 'compileall', '-q', `${packages}/python/src`);
  run('python3', 'scripts/python-signatures.py');
}
