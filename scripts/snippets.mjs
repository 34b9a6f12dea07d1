// Compiles and translates the TypeScript in README, docs and doc comments by jsii-rosetta, which puts it into `rosetta/*.ts-fixture`
// (`npm run build` first). Writes .jsii.tabl.json.gz, from which the packages of the other languages take their examples.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { releaseTool } from './release-tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = `${root}dist/docs-assembly`;
const extract = (assembly) =>
  execFileSync(
    releaseTool('jsii-rosetta'),
    ['extract', '--strict', '--batch', '1000', '--compress-tablet', assembly],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );

/** A snippet with imports is a whole program. No other language has the fleet app. */
const fenceOf = (code) =>
  /\/fleet';$/m.test(code) ? 'text' : /^ *import /m.test(code) ? 'ts nofixture' : 'ts fixture=docs';
const withFixtures = (page) =>
  page.replace(
    /^( *)```ts\n([\s\S]*?)^ *```$/gm,
    (_, indent, code) => `${indent}\`\`\`${fenceOf(code)}\n${code}${indent}\`\`\``,
  );

/** Writes an assembly whose README is the text of all pages, since jsii-rosetta reads only README and doc comments. */
function writeDocsAssembly() {
  rmSync(docs, { recursive: true, force: true });
  mkdirSync(docs, { recursive: true });
  for (const name of ['package.json', 'dist', 'rosetta', 'node_modules', 'lib'])
    symlinkSync(`${root}${name}`, `${docs}/${name}`);
  const pages = readdirSync(`${root}docs`).filter((name) => name.endsWith('.md'));
  const markdown = pages.map((name) => withFixtures(readFileSync(`${root}docs/${name}`, 'utf8'))).join('\n');
  const assembly = JSON.parse(gunzipSync(readFileSync(`${root}.jsii.gz`)));
  writeFileSync(`${docs}/.jsii`, JSON.stringify({ ...assembly, readme: { markdown } }));
}

extract(root);
writeDocsAssembly();
extract(docs);
rmSync(docs, { recursive: true });
