import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS } from '../../bin/deployer-policy/actions';
import { deployerPolicy } from '../../bin/deployer-policy/policy';
import { template } from '../../bin/template/template';

type Template = Parameters<typeof deployerPolicy>[0];
const root = join(__dirname, '../..');
const snapshots = join(root, 'test/snapshots');
const templates = readdirSync(snapshots, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(readFileSync(join(snapshots, name), 'utf8')) as Template] as const);
const withBootstrap = (one: Template): Template => ({ ...one, Parameters: { BootstrapVersion: {} } });

/** What the examples contain beside this library: servers, their secrets, the topic of the notices. */
const OF_THE_APP =
  /^AWS::(RDS::DB(Cluster|Instance|SubnetGroup)|SecretsManager::SecretTargetAttachment|SNS::(Topic|TopicPolicy)|EC2::VPC.*)$/;

test('every type of resource that the library makes has its actions', () => {
  const others = templates.flatMap(([, one]) => deployerPolicy(one, 'Shop').otherTypes);
  expect(others.filter((type) => !OF_THE_APP.test(type))).toEqual([]);
  for (const kind of ['cluster', 'instance'] as const)
    expect(deployerPolicy(template(kind) as Template, 'datafold').otherTypes).toEqual([]);
});

test('no type has actions that no template needs, except the prefix list of DatafoldAllowlist', () => {
  const made = new Set(templates.flatMap(([, one]) => Object.values(one.Resources).map(({ Type }) => Type)));
  expect(Object.keys(ACTIONS).filter((type) => !made.has(type))).toEqual(['AWS::EC2::PrefixList']);
});

test.each(templates)('the policy for %s fits into a managed policy of IAM', (_, one) => {
  const { document } = deployerPolicy(withBootstrap(one), 'Shop');
  expect(JSON.stringify(document).length).toBeLessThanOrEqual(6_144);
});

test('names are limited to the stack; where IAM knows no names, to the actions', () => {
  const { document } = deployerPolicy(
    {
      Resources: {
        Key1: { Type: 'AWS::SecretsManager::Secret' },
        Run: { Type: 'Custom::DatafoldAccessKey' },
      },
    },
    'a-stack-with-a-name-that-is-long',
  );
  expect(document.Statement.map(({ Resource }) => Resource)).toEqual([
    'arn:aws:secretsmanager:*:*:secret:Key1*',
    '*',
    'arn:aws:lambda:*:*:function:a-stack-with-a-name-that*',
  ]);
  expect(document.Statement[2].Action).toEqual(['lambda:InvokeFunction']);
});

test.each([
  ['nosuch.json', 1, "nosuch.json cannot be used: ENOENT: no such file or directory, open 'nosuch.json'\n"],
  [
    'package.json',
    1,
    'package.json cannot be used: it is no CloudFormation template, which has Resources. cdk synth writes templates as cdk.out/STACK.template.json.\n',
  ],
  ['--help', 2, 'npm run deployer-policy -- TEMPLATE.json [STACK-NAME]\n'],
])('%s is refused with the reason', (file, status, stderr) => {
  const args = ['--import', 'tsx', 'bin/deployer-policy/write.ts', file];
  expect(spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toMatchObject({
    status,
    stderr,
    stdout: '',
  });
});

/** Returns a text or a list as JSON, in lines that fit on a page. */
function wrapped(value: string | readonly string[]): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const lines = [''];
  for (const item of value
    .map((one) => JSON.stringify(one))
    .join(', ')
    .split(' ')) {
    const line = `${lines.at(-1)} ${item}`.trim();
    if (line.length <= 84) lines[lines.length - 1] = line;
    else lines.push(item);
  }
  return lines.length === 1 ? `[${lines[0]}]` : `[\n        ${lines.join('\n        ')}\n      ]`;
}

test('docs/permissions.md has the policy of the example existing-aurora', () => {
  const [, one] = templates.find(([name]) => name === 'existing-aurora/Datafold.json')!;
  const { document } = deployerPolicy(withBootstrap(one), 'Datafold');
  const lines = document.Statement.map(
    ({ Action, Resource }) =>
      `    {\n      "Effect": "Allow",\n      "Action": ${wrapped(Action)},\n      "Resource": ${wrapped(Resource)}\n    }`,
  );
  const policy = `{\n  "Version": "2012-10-17",\n  "Statement": [\n${lines.join(',\n')}\n  ]\n}`;
  expect(JSON.parse(policy)).toEqual(document);
  const page = join(root, 'docs/permissions.md');
  const text = readFileSync(page, 'utf8');
  const wanted = text.replace(
    /<!-- policy -->[\s\S]*?(?=\nCreate a managed policy)/,
    () => `<!-- policy -->\n\`\`\`json\n${policy}\n\`\`\`\n`,
  );
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(page, wanted);
  else expect(text).toBe(wanted);
});
