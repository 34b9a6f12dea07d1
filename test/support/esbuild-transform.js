// Turns TypeScript into JavaScript, without a look at the types: `npm run typecheck` does that. (ts-jest reads the whole
// program in every worker first, which takes longer than most tests.)
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const esbuild = require('esbuild');

const own = readFileSync(__filename);

module.exports = {
  process(source, path) {
    const { code, map } = esbuild.transformSync(source, {
      loader: path.endsWith('.tsx') ? 'tsx' : 'ts',
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      supported: { 'dynamic-import': false }, // jest has its own require(), and no import()
      sourcefile: path,
      sourcemap: 'external',
      sourcesContent: false,
    });
    return { code, map };
  },
  getCacheKey: (source, path) =>
    createHash('sha256')
      .update(own)
      .update(esbuild.version)
      .update(path)
      .update('\0')
      .update(source)
      .digest('hex'),
};
