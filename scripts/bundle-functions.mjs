// Bundles the code of the two functions into assets/, which the package contains compressed.
import { build } from 'esbuild';
import { Buffer } from 'node:buffer';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AUTHORITIES, authoritiesFrom, root, runtime } from './bundle-options.mjs';

// The parts of `pg` for binary results and channel binding, which are not used, and for intervals, which no query reads.
const UNUSED_OF_PG = {
  binaryParsers: 'exports.init = () => {};',
  'postgres-interval': 'module.exports = String;',
  'cert-signatures': 'exports.signatureAlgorithmHashFromCertificate = undefined;',
};
const withoutUnused = {
  name: 'without-unused',
  setup(bundler) {
    bundler.onLoad(
      {
        filter:
          /\/(pg-types\/lib\/binaryParsers|postgres-interval\/index|pg\/lib\/crypto\/cert-signatures)\.js$/,
      },
      ({ path }) => ({
        contents: Object.entries(UNUSED_OF_PG).find(([name]) => path.includes(name))[1],
      }),
    );
  },
};

// Bundles `pg`, which goes in front of the code of the sql-runner.
// Host, user and password are always given, so `pg` does not need its modules that read them from files.
async function minifiedPg() {
  const { outputFiles, metafile } = await build({
    ...runtime,
    stdin: {
      contents: `module.exports = { client: require('pg/lib/client'), utils: require('pg/lib/utils') };`,
      resolveDir: root,
    },
    external: ['pg-native', 'pgpass', 'pg-connection-string', 'pg-cloudflare'],
    plugins: [withoutUnused],
    minify: true,
    keepNames: false,
    write: false,
  });
  const code = `// pg (https://github.com/brianc/node-postgres), MIT licence, Copyright (c) 2010-2020 Brian Carlson\nconst bundledPg = {};\n(function (module, require) {\n${outputFiles[0].text}})(bundledPg, (name) => (name === 'pg-connection-string' ? {} : require(name)));`;
  return { code, metafile };
}

const pgFromBanner = {
  name: 'pg-from-banner',
  setup(bundler) {
    bundler.onResolve({ filter: /^pg\/lib\/(client|utils)$/ }, ({ path }) => ({
      path,
      namespace: 'bundled-pg',
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'bundled-pg' }, ({ path }) => ({
      contents: `module.exports = bundledPg.exports.${path.split('/').pop()};`,
    }));
  },
};

// Short lines, so that the positions in a stack trace are useful. Keeping function names would add 12 kB to the provisioner.
const compact = { minify: true, keepNames: false, lineLimit: 110 };

/** Builds compact code. Only SQL contains lines that begin with blanks, which are joined, so comments in SQL must be block comments. */
async function buildCompact(options) {
  const { outputFiles, metafile } = await build({ ...options, ...compact, write: false });
  const [{ text }] = outputFiles;
  if (/ -- .*\n {2}/.test(text)) throw new Error('A comment in SQL ends with its line: write /* … */');
  return { code: text.replace(/\n {2,}/g, ' '), metafile };
}

const authoritiesBeside = authoritiesFrom(`require('./${AUTHORITIES}')`);

/**
 * Compresses a file of a function. Assets and templates are made from this form (lib/private/functions/function-code.ts).
 *
 * gzip, because everybody has the tools to read it: docs/no-code.md shows how.
 */
function compressed(content) {
  const gzip = gzipSync(content, { level: 9 });
  gzip[9] = 255; // "unknown" in place of the operating system, so that the bytes are the same everywhere
  return gzip;
}

/**
 * Bundles each function: compressed for the package, and as a folder like that of the asset for tests.
 *
 * Returns the metafile of esbuild for each bundle.
 */
export async function bundleFunctions() {
  const pg = await minifiedPg();
  const functions = ['provisioner', 'sql-runner'].map((name) => ({
    ...runtime,
    entryPoints: [`${root}lib/handler/${name}/index.ts`],
    external: ['@aws-sdk/*', '@smithy/*'],
    // `import()` of a client becomes require(), which finds the SDK of the runtime through NODE_PATH; import() may not find it.
    supported: { 'dynamic-import': false },
    plugins: [authoritiesBeside],
    ...(name === 'sql-runner' && { banner: { js: pg.code }, plugins: [authoritiesBeside, pgFromBanner] }),
    name,
  }));
  const certificates = readFileSync(`${root}lib/handler/${AUTHORITIES}`);
  const built = await Promise.all(
    functions.map(async ({ name, ...options }) => ({ name, ...(await buildCompact(options)) })),
  );
  if (runtime.write) {
    writeAsset(`${AUTHORITIES}.gz`, compressed(certificates));
    for (const { name, code } of built) {
      writeAsset(`${name}.js.gz`, compressed(code));
      writeAsset(`${name}/index.js`, code);
      writeAsset(`${name}/${AUTHORITIES}`, certificates);
    }
  }
  return [pg.metafile, ...built.map(({ metafile }) => metafile)];
}

/** Writes nothing if the content is the same: another process may be reading the file. */
function writeAsset(file, content) {
  const path = `${root}assets/${file}`;
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
