import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
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

describe('the app in TypeScript', () => {
  test('compiles', () => {
    const apps = Object.entries(SERVERS).map(([name, server]) => [
      `${name}.ts`,
      typescriptApp(appFacts(server, [])),
    ]);
    expect(compileErrors(Object.fromEntries(apps) as Record<string, string>)).toEqual([]);
  });

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

describe('the app in Python', () => {
  const LIST_CALLS = `
import ast, json, sys
calls = []
for node in ast.walk(ast.parse(sys.stdin.read())):
    if isinstance(node, ast.Call):
        calls.append([ast.unparse(node.func), [k.arg for k in node.keywords]])
print(json.dumps(calls))`;
  const callsOf = (code: string) =>
    JSON.parse(execFileSync('python3', ['-c', LIST_CALLS], { input: code, encoding: 'utf8' })) as Call[];

  test.each(Object.keys(SERVERS))('byte-compiles: %s', (name) => {
    const file = join(folder, `${name}.py`);
    writeFileSync(file, pythonApp(appFacts(SERVERS[name], [])));
    execFileSync('python3', ['-m', 'py_compile', file], { stdio: 'pipe' });
  });

  test('calls only methods with keywords that the jsii assemblies have', () => {
    const known = keywords();
    const calls = Object.values(SERVERS).flatMap((server) => callsOf(pythonApp(appFacts(server, []))));
    const ofTypes = calls.filter(([name]) => /^[A-Z]|^(ec2|rds|kms|secretsmanager)\./.test(name));
    expect(new Set(ofTypes.map(([name]) => name)).size).toBeGreaterThan(15);
    const unknown = ofTypes.flatMap(([name, given]) => {
      const allowed = known(name.replace(/^(ec2|rds|kms|secretsmanager)\./, ''));
      if (!allowed) return [name];
      return given.filter((keyword) => !allowed.has(keyword)).map((keyword) => `${name}(${keyword})`);
    });
    expect(unknown).toEqual([]);
  });
});

type Call = [name: string, keywords: string[]];

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

interface Callable {
  readonly name?: string;
  readonly parameters?: { readonly name: string; readonly type: { readonly fqn?: string } }[];
}

interface JsiiType {
  readonly name: string;
  readonly fqn: string;
  readonly kind: string;
  readonly initializer?: Callable;
  readonly methods?: Callable[];
  readonly properties?: { readonly name: string }[];
  readonly interfaces?: string[];
  readonly datatype?: boolean;
  readonly base?: string;
}

/** The keywords that a class or static method takes in Python, by the assemblies of this package and of the CDK. */
function keywords(): (name: string) => Set<string> | undefined {
  const read = (text: Buffer | string) =>
    (JSON.parse(String(text)) as { types: Record<string, JsiiType> }).types;
  const types: Record<string, JsiiType> = {
    ...read(gunzipSync(readFileSync(join(ROOT, 'node_modules/aws-cdk-lib/.jsii.gz')))),
    ...read(readFileSync(join(ROOT, '.jsii'))),
  };
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const propsOf = (fqn: string): string[] => [
    ...(types[fqn].properties ?? []).map(({ name }) => snake(name)),
    ...(types[fqn].interfaces ?? []).filter((other) => other in types).flatMap(propsOf),
  ];
  const keywordsOf = ({ parameters = [] }: Callable) =>
    new Set(
      parameters.flatMap(({ name, type }) =>
        type.fqn && types[type.fqn]?.datatype ? [snake(name), ...propsOf(type.fqn)] : [snake(name)],
      ),
    );
  const methodsOf = (type: JsiiType): Callable[] => [
    ...(type.methods ?? []),
    ...(type.base && type.base in types ? methodsOf(types[type.base]) : []),
  ];
  const MODULES = /^(aws-cdk-lib\.(aws_(ec2|rds|kms|secretsmanager)\.)?|cdk-datafold-postgres\.)[A-Za-z]+$/;
  const inModules = Object.values(types).filter(({ fqn }) => MODULES.test(fqn));
  return (name) => {
    const [className, method] = name.split(/(?:\.of\(\w+\))?\./);
    const type = inModules.find((one) => one.name === className);
    if (!type) return undefined;
    if (method === undefined)
      return type.datatype ? new Set(propsOf(type.fqn)) : keywordsOf(type.initializer ?? {});
    const found = methodsOf(type).find((one) => snake(one.name ?? '') === method);
    return found && keywordsOf(found);
  };
}
