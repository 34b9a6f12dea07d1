// Bundles the code of the two functions into assets/, which the package contains compressed, so synthesis needs no bundler. Also
// bundles the command line tool into dist/cli/, with its dependencies.
//
//   node scripts/bundle.mjs                              the bundles
//   node scripts/bundle.mjs --third-party                the bundles and, for the package, their licenses and bill of materials
//   node scripts/bundle.mjs --third-party --no-bundles   the licenses and the bill of materials only
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants, gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { writeThirdParty } from './third-party.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const runtime = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'none', // they are in THIRD-PARTY-LICENSES
  absWorkingDir: root,
  metafile: true,
  write: !process.argv.includes('--no-bundles'),
  logLevel: 'warning',
};

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

// Minifies `pg` separately, also in bundles whose own code stays readable.
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

// The grammar of PostgreSQL: a WebAssembly module of 1.7 MB, which is beside the tool as 250 kB of brotli. The loader of
// libpg-query would read it from its own folder.
const GRAMMAR = 'libpg-query.wasm.br';
const grammarBeside = {
  name: 'grammar-beside',
  setup(bundler) {
    bundler.onLoad({ filter: /\/libpg-query\/wasm\/index\.cjs$/ }, ({ path }) => {
      const [code, call] = [readFileSync(path, 'utf8'), '(0, libpg_query_js_1.default)('];
      if (!code.includes(`${call})`))
        throw new Error(`${path} loads its module in another way than expected`);
      const file = `require('node:path').join(__dirname, '${GRAMMAR}')`;
      const wasm = `require('node:zlib').brotliDecompressSync(require('node:fs').readFileSync(${file}))`;
      const instantiate = `(imports, done) => void WebAssembly.instantiate(${wasm}, imports).then(({ instance }) => done(instance))`;
      return {
        contents: code.replace(call, `${call}{ instantiateWasm: ${instantiate} }`),
        resolveDir: dirname(path),
      };
    });
  },
};

/** Compresses the grammar, which takes 4 seconds, unless that is done. */
function writeGrammar() {
  const wasm = readFileSync(`${root}node_modules/libpg-query/wasm/libpg-query.wasm`);
  const file = `${root}dist/cli/${GRAMMAR}`;
  if (existsSync(file) && wasm.equals(brotliDecompressSync(readFileSync(file)))) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
  };
  writeFileSync(file, brotliCompressSync(wasm, { params }));
}

const CDK = ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'];

// The fleet app uses the compiled library of the package, so that its constructs are those that an app imports.
const libraryBeside = {
  name: 'library-beside',
  setup(bundler) {
    bundler.onResolve({ filter: /^(\.\.\/)+lib(\/|$)/ }, ({ path }) => ({
      path: `../${path.replace(/^(\.\.\/)+lib\/?/, '') || 'index'}.js`,
      external: true,
    }));
  },
};

/** `cdk-datafold-postgres/fleet`, with its declarations. */
async function bundleFleet() {
  const entry = `${root}bin/fleet/index.ts`;
  const { metafile } = await build({
    ...runtime,
    entryPoints: [entry],
    outfile: `${root}dist/fleet/index.js`,
    external: CDK,
    mainFields: ['module', 'main'], // esbuild cannot follow what the main file of jsonc-parser requires
    plugins: [libraryBeside],
    minify: true,
    keepNames: true,
  });
  if (runtime.write) {
    const { outputText } = ts.transpileDeclaration(readFileSync(entry, 'utf8'), {
      fileName: entry,
      compilerOptions: { stripInternal: true },
    });
    writeFileSync(`${root}dist/fleet/index.d.ts`, outputText);
  }
  return [metafile];
}

// The tool loads the fleet app only where it is asked for it: that needs the CDK, which is not part of the package.
const fleetBeside = {
  name: 'fleet-beside',
  setup(bundler) {
    bundler.onResolve({ filter: /\/bin\/fleet$/ }, () => ({ path: '../fleet/index.js', external: true }));
  },
};

async function bundleCli() {
  const { metafile } = await build({
    ...runtime,
    entryPoints: [`${root}lib/cli/index.ts`],
    outfile: `${root}dist/cli/index.js`,
    external: ['pg-native', 'pg-cloudflare', ...CDK],
    banner: { js: '#!/usr/bin/env node' },
    plugins: [grammarBeside, fleetBeside],
    minify: true,
    keepNames: true,
  });
  if (runtime.write) writeGrammar();
  return [metafile];
}

// Short lines, so that the positions in a stack trace are useful. Keeping function names would add 12 kB to the provisioner.
const compact = { minify: true, keepNames: false, lineLimit: 110 };

/** Builds compact code. Only SQL contains lines that begin with blanks, which are joined, so comments in SQL must be block comments. */
async function buildCompact(options) {
  const { outputFiles, metafile } = await build({ ...options, ...compact, write: false });
  const [{ text }] = outputFiles;
  if (/ -- .*\n {2}/.test(text)) throw new Error('A comment in SQL ends with its line: write /* … */');
  return { code: text.replace(/\n {2,}/g, ' '), metafile };
}

// The certificates of RDS: 130 kB that would be parsed at each start, so they are in a separate file that is read when needed.
const AUTHORITIES = 'rds-authorities.json';
const authoritiesBeside = {
  name: 'authorities-beside',
  setup(bundler) {
    bundler.onResolve({ filter: /\/rds-authorities\.json$/ }, () => ({
      path: `./${AUTHORITIES}`,
      external: true,
    }));
  },
};

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
export async function bundle() {
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

function writeAsset(file, content) {
  const path = `${root}assets/${file}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const metafiles = (await Promise.all([bundle(), bundleCli(), bundleFleet()])).flat();
  if (process.argv.includes('--third-party')) writeThirdParty(metafiles);
}
