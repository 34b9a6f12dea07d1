import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { addFleet } from '../../bin/fleet/add-fleet';
import { JsonFile } from '../../bin/fleet/json-file';
import { parseFleet } from '../../bin/fleet/read-fleet';
import { template } from '../../bin/template/template';
import { appFacts } from '../../lib/cli/init/app';
import { discover } from '../../lib/cli/init/discover';
import { fleetFile } from '../../lib/cli/init/fleet';
import { parametersFile } from '../../lib/cli/init/parameters';
import { pythonApp } from '../../lib/cli/init/python';
import type { FoundServer } from '../../lib/cli/init/server';
import { typescriptApp } from '../../lib/cli/init/typescript';
import { compileErrors } from '../support/compile';
import { hasPython, typescriptOf } from '../support/python-app';
import { CLUSTERS, INSTANCES } from './support/rds-servers';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(ROOT, 'test', 'init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found = (identifier: string) =>
  discover(CLUSTERS, INSTANCES).find((server) => server.identifier === identifier)!;
const withSecretOf = (server: FoundServer, other: FoundServer) => ({
  ...server,
  adminSecret: other.adminSecret,
});

/** Both kinds of server, each with and without a secret that RDS manages, and a cluster of which little is known. */
const SERVERS: Readonly<Record<string, FoundServer>> = {
  cluster: found('orders'),
  'cluster-without-secret': withSecretOf(found('orders'), found('billing')),
  instance: withSecretOf(found('billing'), found('orders')),
  'instance-without-secret': found('billing'),
  empty: { ...found('orders'), vpcId: undefined, subnets: [], securityGroups: [], databaseName: undefined },
};
const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'];
const COMPLETE = Object.keys(SERVERS).filter((name) => name !== 'empty');

test('the apps in TypeScript compile, and those in Python have their names and types', () => {
  const apps = Object.entries(SERVERS).flatMap(([name, server]) => {
    const facts = appFacts(server, []);
    const typescript = [`${name}.ts`, typescriptApp(facts)];
    if (!hasPython) return [typescript];
    const file = join(folder, `${name}.py`);
    writeFileSync(file, pythonApp(facts));
    execFileSync('python3', ['-m', 'py_compile', file], { stdio: 'pipe' });
    return [typescript, [`${name}-python.ts`, typescriptOf(file)]];
  });
  expect(compileErrors(Object.fromEntries(apps) as Record<string, string>)).toEqual([]);
}, 180_000);

describe('the app in TypeScript', () => {
  test.each(COMPLETE)('synthesizes without a warning: %s', (name) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, typescriptApp(appFacts(SERVERS[name], [])));
    const paths = { 'cdk-datafold-postgres': [join(ROOT, 'lib/index.ts')] };
    const tsconfig = join(folder, 'tsconfig.json');
    writeFileSync(tsconfig, JSON.stringify({ compilerOptions: { paths, esModuleInterop: true } }));
    const out = join(folder, `${name}.out`);
    execFileSync(join(ROOT, 'node_modules/.bin/tsx'), ['--tsconfig', tsconfig, file], {
      env: { ...process.env, CDK_OUTDIR: out },
      stdio: 'pipe',
    });
    const read = (part: string) => JSON.parse(readFileSync(join(out, part), 'utf8')) as Template;
    const made = read(readdirSync(out).find((part) => part.endsWith('.template.json'))!);
    const resources = Object.values(made.Resources);
    expect(resources.flatMap(({ Properties }) => Properties?.VpcConfig?.SubnetIds ?? [])).toEqual(SUBNETS);
    expect(JSON.stringify(resources)).toContain(appFacts(SERVERS[name], []).adminSecretArn);
    expect(Object.keys(made.Outputs)).toEqual(['DataSource1']);
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).not.toContain('aws:cdk:warning');
  });
});

interface Template {
  readonly Resources: Record<string, { Properties?: { VpcConfig?: { SubnetIds: string[] } } }>;
  readonly Outputs: object;
}

test('the fleet file sets up the same servers', () => {
  const text = fleetFile([SERVERS.cluster, SERVERS['instance-without-secret']], ['app']);
  const app = new App();
  addFleet(app, parseFleet(new JsonFile('datafold-fleet.json', text)));
  expect(app.node.children.map(({ node }) => node.id).filter((id) => id !== 'Tree')).toEqual([
    '111122223333-eu-west-1-logs-user',
    '111122223333-eu-west-1-cluster-orders',
    '111122223333-eu-west-1-instance-billing',
  ]);
});

test.each(['cluster', 'instance-without-secret', 'empty'])(
  'the parameters file gives the template what it asks for, and what is marked is refused by it: %s',
  (name) => {
    const server = SERVERS[name];
    const { Parameters } = template(server.kind) as { Parameters: Record<string, Parameter> };
    const given = JSON.parse(parametersFile(server, [])) as {
      ParameterKey: string;
      ParameterValue: string;
    }[];
    const keys = given.map(({ ParameterKey }) => ParameterKey);
    const required = Object.keys(Parameters).filter((key) => Parameters[key].Default === undefined);
    expect(required.filter((key) => !keys.includes(key))).toEqual([]);
    expect(keys.filter((key) => !(key in Parameters))).toEqual([]);
    const accepted = ({ ParameterKey, ParameterValue }: (typeof given)[number]) => {
      const { AllowedPattern, Type } = Parameters[ParameterKey];
      const ids = /^(?:List<)?AWS::EC2::/.test(Type) ? '^(?:[a-z]+-[0-9a-f]+,?)+$' : undefined;
      return new RegExp(AllowedPattern ?? ids ?? '').test(ParameterValue);
    };
    const refused = given.filter((one) => !accepted(one)).map(({ ParameterKey }) => ParameterKey);
    const marked = given
      .filter((one) => one.ParameterValue.startsWith('TODO'))
      .map((one) => one.ParameterKey);
    expect(refused).toEqual(marked);
  },
);

interface Parameter {
  readonly Type: string;
  readonly Default?: unknown;
  readonly AllowedPattern?: string;
}
