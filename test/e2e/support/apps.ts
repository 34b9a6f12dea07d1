import { build, type Plugin } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY } from './lab';

const APPS = join(REPOSITORY, 'test/e2e/apps');
/** In the repository, so that the apps find the CDK. */
const BUNDLES = join(REPOSITORY, '.cache/e2e-apps');

let bundled: Promise<unknown> | undefined;

/** The JavaScript of an app of `test/e2e/apps`, in one file: tsx takes twice as long to run the sources. */
export async function bundledApp(app: string): Promise<string> {
  await (bundled ??= bundle());
  return join(BUNDLES, `${app}.js`);
}

async function bundle(): Promise<unknown> {
  const sources = readdirSync(APPS).filter((name) => name.endsWith('.ts'));
  return build({
    entryPoints: sources.map((name) => join(APPS, name)),
    outdir: BUNDLES,
    bundle: true,
    platform: 'node',
    packages: 'external',
    plugins: [besideSources],
    tsconfig: join(REPOSITORY, 'tsconfig.json'),
  });
}

/** What a source finds beside it, a bundle finds there too. */
const besideSources: Plugin = {
  name: 'beside-sources',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const folder = `const __dirname = ${JSON.stringify(dirname(path))};`;
      return { contents: `${folder} ${readFileSync(path, 'utf8')}`, loader: 'ts' };
    });
  },
};
