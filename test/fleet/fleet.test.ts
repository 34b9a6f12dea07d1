import { App, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { addFleet } from '../../bin/fleet/add-fleet';
import { JsonFile } from '../../bin/fleet/json-file';
import { parseFleet } from '../../bin/fleet/read-fleet';
import { fleetFile, REGIONS } from '../support/fleet-file';
import { SOAK } from '../support/property';
import { collisions } from './collisions';

const parse = (text: string) => parseFleet(new JsonFile('fleet.json', text));

function synth(text: string): CloudFormationStackArtifact[] {
  const app = new App({ context: { '@aws-cdk/aws-iam:minimizePolicies': true } });
  addFleet(app, parse(text));
  return app.synth().stacks;
}

const LARGE = SOAK ? { accounts: 20, regions: 5, servers: 10 } : { accounts: 2, regions: 5, servers: 2 };
const COUNT = LARGE.accounts * LARGE.regions * LARGE.servers;

test(`${COUNT} servers over ${LARGE.accounts} accounts and 5 regions: no two resources collide`, () => {
  const stacks = synth(fleetFile(LARGE));
  expect(stacks).toHaveLength(COUNT + LARGE.accounts);
  expect(new Set(stacks.map(({ environment }) => environment.name)).size).toBe(LARGE.accounts * 5);
  expect(collisions(stacks)).toEqual([]);
}, 900_000);

test('the same with one stack per region', () => {
  const stacks = synth(fleetFile({ ...LARGE, stackPer: 'region' }));
  expect(stacks).toHaveLength(LARGE.accounts * 5 + LARGE.accounts);
  expect(collisions(stacks)).toEqual([]);
}, 600_000);

test('the search for collisions finds one', () => {
  const [first] = synth(fleetFile({ accounts: 1, regions: 1, servers: 1 }));
  expect(collisions([first, first]).map((name) => name.split(' ').slice(0, 3).join(' '))).toContain(
    `100000000000 ${REGIONS[0]} stack`,
  );
});

test('every stack of an account reads the access key of its one logs user, by a name that is the same everywhere', () => {
  const stacks = synth(fleetFile({ accounts: 1, regions: 2, servers: 1 }));
  const logsUser = stacks.find(({ stackName }) => stackName === 'datafold-logs-user')!;
  Template.fromJSON(logsUser.template as object).hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'datafold/logs-user-key',
  });
  const others = stacks.filter((stack) => stack !== logsUser);
  expect(others.map(({ environment }) => environment.region).sort()).toEqual(['eu-central-1', 'eu-west-1']);
  for (const stack of others) {
    const { Resources } = stack.template as {
      Resources: Record<string, { Type: string; Properties: object }>;
    };
    const sources = Object.values(Resources).filter(({ Type }) => Type === 'Custom::DatafoldDataSource');
    const arn = [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':secretsmanager:eu-west-1:100000000000:secret:datafold/logs-user-key',
    ];
    expect(sources).toEqual([
      expect.objectContaining({
        Properties: expect.objectContaining({ accessKeySecretArn: { 'Fn::Join': ['', arn] } }) as object,
      }),
    ]);
    expect(stack.dependencies.map(({ id }) => id)).toContain('100000000000-eu-west-1-logs-user');
  }
});

test('an access key that exists takes the place of the logs user', () => {
  const key = 'arn:aws:secretsmanager:eu-west-1:100000000000:secret:logs-key-AbCdEf';
  const text = fleetFile({ accounts: 1, regions: 1, servers: 1 }).replace(
    '"region": "eu-west-1"',
    `"accessKeySecret": "${key}"`,
  );
  const stacks = synth(text);
  expect(stacks.map(({ stackName }) => stackName)).toEqual(['datafold-cluster-server-0']);
  Template.fromJSON(stacks[0].template as object).hasResourceProperties('Custom::DatafoldDataSource', {
    accessKeySecretArn: key,
  });
});

test('an access key that exists can be decrypted by the key of its secret', () => {
  const kmsKey = 'arn:aws:kms:eu-west-1:100000000000:key/11111111-2222-3333-4444-555555555555';
  const text = fleetFile({ accounts: 1, regions: 1, servers: 1 }).replace(
    '"region": "eu-west-1"',
    `"accessKeySecret": "arn:aws:secretsmanager:eu-west-1:100000000000:secret:logs-key-AbCdEf", "accessKeySecretKey": "${kmsKey}"`,
  );
  const [stack] = synth(text);
  Template.fromJSON(stack.template as object).hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Resource: kmsKey })]),
    },
  });
});

test('servers of one network in one stack share the function that runs the SQL, each with rights of its own', () => {
  const text = fleetFile({ accounts: 1, regions: 1, servers: 10, stackPer: 'region' });
  const stack = synth(text).find(({ stackName }) => stackName === 'datafold-servers')!;
  const template = Template.fromJSON(stack.template as object);
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(functions.filter(({ Properties }) => Properties.VpcConfig)).toHaveLength(1);
  expect(functions).toHaveLength(1 + 10);
  expect(rightsPerRole(template)).toBeLessThan(10_240);
});

test('too many servers for one stack are an error that says what to do', () => {
  const text = fleetFile({ accounts: 1, regions: 1, servers: 60, stackPer: 'region' });
  expect(() => addFleet(new App(), parse(text))).toThrow(
    new Error(`fleet.json can't be used:
  - line 14 (100000000000, eu-west-1): the 60 servers of the stack datafold-servers need ${resourcesOf(60)} resources and 180 outputs, CloudFormation takes 500 and 200: give some of them another \`stack\`, or each its own with "stackPer": "server"`),
  );
});

test('servers that name the same stack share it', () => {
  const text = fleetFile({ accounts: 1, regions: 1, servers: 4 }).replace(
    /"cluster": "server-(\d)"/g,
    '"cluster": "server-$1", "stack": "clusters"',
  );
  expect(
    synth(text)
      .map(({ stackName }) => stackName)
      .sort(),
  ).toEqual([
    'datafold-clusters',
    'datafold-instance-server-0',
    'datafold-instance-server-1',
    'datafold-logs-user',
  ]);
});

test('an account without servers gets no logs user of their logs', () => {
  const text = fleetFile({ accounts: 1, regions: 1, servers: 1 }).replace(
    '"accounts": {',
    '"accounts": { "222222222222": { "regions": { "us-east-1": { "servers": [] }, "us-east-2": { "servers": [] } } },',
  );
  expect(synth(text).map(({ displayName }) => displayName)).toEqual([
    '100000000000-eu-west-1-logs-user (datafold-logs-user)',
    '100000000000-eu-west-1-cluster-server-0 (datafold-cluster-server-0)',
  ]);
});

test('a fleet goes into a stage of a pipeline as it is', () => {
  const app = new App();
  const stage = new Stage(app, 'Prod');
  addFleet(stage, parse(fleetFile({ accounts: 1, regions: 1, servers: 1 })));
  expect(stage.synth().stacks.map(({ stackName }) => stackName)).toEqual([
    'datafold-logs-user',
    'datafold-cluster-server-0',
  ]);
});

/** The most that any role gets, in characters of its policies as the template has them. */
function rightsPerRole(template: Template): number {
  const sizes = new Map<string, number>();
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
    const [role] = (Properties.Roles as object[]).map((ref) => JSON.stringify(ref));
    const size = JSON.stringify(Properties.PolicyDocument).length;
    sizes.set(role, (sizes.get(role) ?? 0) + size);
  }
  return Math.max(...sizes.values());
}

/** By two stacks that fit: what is shared, and what each server adds. */
function resourcesOf(servers: number): number {
  const count = (n: number) => {
    const stacks = synth(fleetFile({ accounts: 1, regions: 1, servers: n, stackPer: 'region' }));
    const { template } = stacks.find(({ stackName }) => stackName === 'datafold-servers')!;
    return Object.keys((template as { Resources: object }).Resources).length;
  };
  const [two, four] = [count(2), count(4)];
  return two + ((four - two) / 2) * (servers - 2);
}
