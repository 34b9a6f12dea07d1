// Bundles the command line tool into dist/cli/, with its dependencies, and the fleet app into dist/fleet/.
import { build } from 'esbuild';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import ts from 'typescript';
import { AUTHORITIES, authoritiesFrom, root, runtime } from './bundle-options.mjs';

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
export async function bundleFleet() {
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

const authoritiesOfFunctions = authoritiesFrom(
  `JSON.parse(require('node:zlib').gunzipSync(require('node:fs').readFileSync(require('node:path').join(__dirname, '../../assets/${AUTHORITIES}.gz'))))`,
);

// The AWS SDK, which is half of the tool, is a file that is loaded where a command calls AWS.
const SDK = 'aws-sdk.js';
const sdkBeside = {
  name: 'sdk-beside',
  setup(bundler) {
    bundler.onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path }) => ({ path, namespace: 'sdk' }));
    bundler.onLoad({ filter: /.*/, namespace: 'sdk' }, ({ path }) => ({
      contents: `module.exports = require('./${SDK}')['${path}'];`,
    }));
    bundler.onResolve({ filter: /./, namespace: 'sdk' }, ({ path }) => ({ path, external: true }));
  },
};

/**
 * Returns a module that exports of each client what the source of the tool names, but not the class with all operations.
 *
 * Sources name a command by its class or by its action (lib/handler/provisioner/aws/call.ts).
 */
function sdkModule({ inputs }) {
  const sources = Object.keys(inputs).filter((path) => path.startsWith('lib/'));
  const words = new Set(sources.flatMap((path) => readFileSync(`${root}${path}`, 'utf8').match(/\w+/g)));
  const clients = Object.keys(inputs).flatMap((path) => /^sdk:(.*)$/.exec(path)?.[1] ?? []);
  const require = createRequire(import.meta.url);
  const modules = clients.map((client, i) => {
    const exported = Object.keys(require(client));
    const isNamed = (name) => words.has(name) || words.has(name.replace(/Command$/, ''));
    const names = exported.filter((name) => isNamed(name) && !exported.includes(`${name}Client`));
    const [imports, entries] = [' as ', ': '].map((to) => names.map((name) => `${name}${to}${name}${i}`));
    return {
      imports: `import { ${imports} } from '${client}';`,
      entry: `'${client}': { ${entries} }`,
    };
  });
  return `${modules.map(({ imports }) => imports).join('\n')}
module.exports = { ${modules.map(({ entry }) => entry)} };`;
}

// The SDK describes its types in objects with keys like [_eQN]. Only with keys that it knows esbuild drops a type that is not used.
const knownKeys = {
  name: 'known-keys',
  setup(bundler) {
    bundler.onLoad({ filter: /\/@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      const keys = new Map(
        [...code.matchAll(/^const (_\w+) = (".*");$/gm)].map(([, name, key]) => [name, key]),
      );
      return {
        contents: code.replace(/\[(_\w+)\]: /g, (all, name) =>
          keys.has(name) ? `${keys.get(name)}: ` : all,
        ),
      };
    });
  },
};

async function bundleSdk(command) {
  const { metafile } = await build({
    ...runtime,
    stdin: { contents: sdkModule(command), resolveDir: root },
    outfile: `${root}dist/cli/${SDK}`,
    mainFields: ['module', 'main'], // esbuild drops what is not used of ES modules only
    plugins: [knownKeys],
    minify: true,
    keepNames: true,
  });
  return metafile;
}

export async function bundleCli() {
  const { metafile } = await build({
    ...runtime,
    entryPoints: [`${root}lib/cli/index.ts`],
    outfile: `${root}dist/cli/index.js`,
    external: ['pg-native', 'pg-cloudflare', ...CDK],
    banner: { js: '#!/usr/bin/env node' },
    plugins: [grammarBeside, fleetBeside, sdkBeside, authoritiesOfFunctions],
    minify: true,
    keepNames: true,
  });
  if (runtime.write) writeGrammar();
  return [metafile, await bundleSdk(metafile)];
}
