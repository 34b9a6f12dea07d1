// What the bundles have in common.
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export const runtime = {
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

/** The certificates of RDS: 130 kB that would be parsed at each start. */
export const AUTHORITIES = 'rds-authorities.json';

/** Makes a program read the certificates of RDS when it first needs them, by an expression, instead of including them. */
export const authoritiesFrom = (expression) => ({
  name: 'authorities-beside',
  setup(bundler) {
    const contents = `let read;\nexport default new Proxy({}, { get: (_, region) => (read ??= ${expression})[region] });`;
    bundler.onResolve({ filter: /\/rds-authorities\.json$/ }, ({ path, importer }) =>
      importer === AUTHORITIES ? { path, external: true } : { path: AUTHORITIES, namespace: 'authorities' },
    );
    bundler.onLoad({ filter: /.*/, namespace: 'authorities' }, () => ({ contents }));
  },
});
