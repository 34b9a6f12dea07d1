// A dry run of what users do with the npm package of dist/packages (`npm run package` first): it is linted, installed into empty
// apps by npm, pnpm and Yarn with Plug'n'Play, imported by CommonJS, ESM and strict TypeScript, and synthesized with the lowest
// and the newest CDK.
//
//   npm run release:check                 all
//   npm run release:check -- lint pnpm    some of: lint npm pnpm yarn
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releaseTool } from './release-tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const manifest = require('../package.json');
const js = `${root}dist/packages/js`;
const tarball = join(
  js,
  readdirSync(js).find((name) => name.endsWith('.tgz')),
);
const LOWEST = versions(manifest.devDependencies);
const NEWEST = versions(require('../test/cdk-latest/package.json').dependencies);

/** What an app of a user gets; the files differ in their kind of module only. */
const BODY = `
const app = new App({ outdir: process.argv[2] });
const stack = new Stack(app, 'Shop');
const cluster = new rds.DatabaseCluster(stack, 'Db', {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
  vpc: new ec2.Vpc(stack, 'Vpc'),
  writer: rds.ClusterInstance.serverlessV2('writer'),
});
new DatafoldPostgres(stack, 'Datafold', { server: PostgresServer.auroraCluster(cluster), databases: [{ databaseName: 'app' }] });
app.synth();
`;
const CDK = '{ App, Stack, aws_ec2 as ec2, aws_rds as rds }';
const APPS = {
  'app.cjs': `const ${CDK.replaceAll(' as', ':')} = require('aws-cdk-lib');\nconst { DatafoldPostgres, PostgresServer } = require('cdk-datafold-postgres');${BODY}`,
  'app.mjs': `import ${CDK} from 'aws-cdk-lib';\nimport { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';${BODY}`,
};
const STRICT = {
  include: ['app.ts'],
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    typeRoots: [`${root}node_modules/@types`],
    noEmit: true,
  },
};

/** How each package manager installs the dependencies of package.json, and runs node and a command of a package. */
const MANAGERS = {
  npm: {
    install: ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline'],
    node: ['node'],
    command: ['npx', '--no-install'],
  },
  pnpm: {
    install: [releaseTool('pnpm'), 'install', '--prefer-offline', '--reporter=silent'],
    node: ['node'],
    command: [releaseTool('pnpm'), 'exec'],
  },
  yarn: {
    install: [releaseTool('yarn'), 'install'],
    node: [releaseTool('yarn'), 'node'],
    command: [releaseTool('yarn'), 'exec'],
  },
};
const CHECKS = {
  lint,
  npm: () => inEmptyApp('npm', LOWEST, ['cjs', 'mjs']),
  pnpm: () => inEmptyApp('pnpm', NEWEST, ['cjs', 'mjs', 'ts']),
  // Yarn ignores what a package bundles and asks the registry for it; a mirror may lack what the newest CDK bundles.
  yarn: () => inEmptyApp('yarn', LOWEST, ['cjs', 'mjs']),
};

function versions(dependencies) {
  const { constructs, 'aws-cdk-lib': cdk } = dependencies;
  return { 'aws-cdk-lib': cdk, constructs };
}

function run([command, ...args], options) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options });
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

const inFolder = (work) => {
  const folder = mkdtempSync(join(tmpdir(), 'datafold-release-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * publint looks at the files of bundled dependencies too, which their own package.json describes, and takes the apps that `init`
 * writes, which are text in the command line tool, for its code.
 */
async function lint() {
  const { publint } = await import(`${root}release/node_modules/publint/src/index-node.js`);
  const folder = unpacked();
  try {
    const { messages } = await publint({ pkgDir: folder, pack: false, strict: true, level: 'warning' });
    const found = messages.filter(({ path }) => path[0] !== 'bin');
    if (found.length > 0) throw new Error(JSON.stringify(found, undefined, 1));
  } finally {
    rmSync(folder, { recursive: true });
  }
  run([releaseTool('attw'), tarball, '--exclude-entrypoints', '.jsii']); // which is no module
  return 'publint and attw find nothing';
}

function unpacked() {
  const folder = mkdtempSync(join(tmpdir(), 'datafold-release-'));
  run(['tar', 'xzf', tarball, '-C', folder, '--strip-components=1']);
  rmSync(`${folder}/node_modules`, { recursive: true });
  return folder;
}

function inEmptyApp(manager, cdk, kinds) {
  return inFolder((folder) => {
    const { install, node, command } = MANAGERS[manager];
    cpSync(tarball, `${folder}/library.tgz`);
    const dependencies = { 'cdk-datafold-postgres': 'file:./library.tgz', ...cdk };
    writeFileSync(`${folder}/package.json`, JSON.stringify({ name: 'app', private: true, dependencies }));
    const [registry] = run(['npm', 'config', 'get', 'registry']).trim().split('\n');
    // Yarn reads no settings of npm, expects a lock file in CI, and refuses releases of the last days.
    const env = {
      ...process.env,
      YARN_NPM_REGISTRY_SERVER: registry,
      YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      YARN_PNP_ENABLE_ESM_LOADER: '1',
    };
    run(install, { cwd: folder, env });
    for (const kind of kinds) {
      if (kind === 'ts') checkTypes(folder);
      else {
        writeFileSync(`${folder}/app.${kind}`, APPS[`app.${kind}`]);
        run([...node, `app.${kind}`, `out-${kind}`], { cwd: folder, env });
        const assets = readdirSync(`${folder}/out-${kind}`).filter((name) => name.startsWith('asset.'));
        if (assets.length !== 2) throw new Error(`The cloud assembly has ${assets.length} assets, not 2`);
      }
    }
    const { version } = manifest;
    if (run([...command, 'cdk-datafold-postgres', '--version'], { cwd: folder, env }).trim() !== version)
      throw new Error(`The command does not print the version ${version}`);
    return `${kinds.map((kind) => `app.${kind}`).join(', ')} with aws-cdk-lib ${cdk['aws-cdk-lib']}`;
  });
}

/** Compiles an app in strict mode and looks at the declarations of the library too; those of others are theirs. */
function checkTypes(folder) {
  writeFileSync(`${folder}/app.ts`, APPS['app.mjs'].replace('process.argv[2]', '"out"'));
  writeFileSync(
    `${folder}/package.json`,
    JSON.stringify({ ...JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')), type: 'module' }),
  );
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(STRICT));
  try {
    run([`${root}node_modules/.bin/tsc`, '-p', folder]);
  } catch (error) {
    const { message } = error;
    const ours = message.split('\n').filter((line) => /^(\S*cdk-datafold-postgres\S*|app\.ts)\(/.test(line));
    if (ours.length > 0 || !message.includes('error TS'))
      throw new Error(ours.join('\n') || message, { cause: error });
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in CHECKS));
if (unknown.length > 0)
  throw new Error(`There is no check ${unknown.join(', ')}, only ${Object.keys(CHECKS).join(', ')}.`);
for (const name of asked.length > 0 ? asked : Object.keys(CHECKS)) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  try {
    console.log(`${name}: ${await CHECKS[name]()} (${seconds()})`);
  } catch (error) {
    console.error(`${name}: FAILED (${seconds()}): ${error.message}`);
    process.exitCode = 1;
  }
}
console.log(`the package has ${Math.round(statSync(tarball).size / 1000)} kB`);
