// Bundles the code of the two functions into assets/, which the package ships: synth needs no bundler.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function bundle() {
  await Promise.all(
    ['provisioner', 'sql-runner'].map((name) =>
      build({
        entryPoints: [`${root}lib/handler/${name}/index.ts`],
        outfile: `${root}assets/${name}/index.js`,
        bundle: true,
        platform: 'node',
        target: 'node20',
        format: 'cjs',
        external: ['@aws-sdk/*', '@smithy/*', 'pg-native'],
        // `import()` of a client becomes require(), which finds the SDK of the runtime by NODE_PATH; import() need not.
        supported: { 'dynamic-import': false },
        legalComments: 'none',
        logLevel: 'warning',
      }),
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
