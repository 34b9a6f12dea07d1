import type { AllowlistProperties } from '../../../../lib/private/wire/resources';
import { publicInstance } from '../support/fake-networks';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const PROPERTIES: AllowlistProperties = { rds: CLUSTER, port: '5432', addresses: ['192.0.2.1'] };
const ID = 'datafold-allowlist/cluster/shop';

let environment: TestEnvironment;
let resource: StackResource<AllowlistProperties>;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = new StackResource(environment, 'Custom::DatafoldAllowlist');
  environment.rds.describe(CLUSTER, {
    members: [
      { identifier: 'shop-2', isWriter: false, groupStatus: 'in-sync' },
      { identifier: 'shop-1', isWriter: true, groupStatus: 'in-sync' },
    ],
  });
  for (const instance of ['shop-1', 'shop-2'])
    environment.rds.networks.set(instance, publicInstance(instance));
});
afterEach(async () => environment.stop());

const hide = (instance: string) =>
  environment.rds.networks.set(instance, publicInstance(instance, { publiclyAccessible: false }));
const NOT_PUBLIC =
  'The instance shop-1 is not publicly accessible, so the addresses of Datafold do not reach it. Use DatafoldNetworkAccess.privateLink, or make the server publicly accessible yourself, then deploy again.';

test('a deployment succeeds if the addresses reach the writer, and changes nothing', async () => {
  expect(await resource.create(PROPERTIES)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: ID,
    Data: { Network: 'ok' },
  });
  expect(environment.faults.calls.filter((call) => !/cloudformation:|:Describe/.test(call))).toEqual([]);
});

test('a deployment fails if the writer is not publicly accessible', async () => {
  hide('shop-1');
  expect(await resource.create(PROPERTIES)).toMatchObject({ Status: 'FAILED', Reason: NOT_PUBLIC });
});

test('a deployment succeeds if only a reader is not publicly accessible', async () => {
  hide('shop-2');
  expect(await resource.create(PROPERTIES)).toMatchObject({ Status: 'SUCCESS' });
});

test('a deployment waits for a rule that EC2 does not show yet', async () => {
  const from = environment.clock.now();
  const { ingress } = environment.networks;
  environment.networks.ingressOf = async () => (environment.clock.now() - from > 8_000 ? ingress : []);
  expect(await resource.create(PROPERTIES)).toMatchObject({ Status: 'SUCCESS' });
});

test('a deployment fails half a minute later at most if the rule is not there', async () => {
  const from = environment.clock.now();
  environment.networks.ingress = [];
  expect(await resource.create(PROPERTIES)).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(
      /^The security groups of the instance shop-1 \(sg-1\) do not let 192.0.2.1 in/,
    ),
  });
  expect(environment.clock.now() - from).toBeLessThanOrEqual(30_000);
});

test('a deployment fails if RDS has no such server', async () => {
  environment.rds.drop(CLUSTER);
  expect(await resource.create(PROPERTIES)).toMatchObject({
    Status: 'FAILED',
    Reason:
      'RDS has no cluster shop with an instance in this account and region, so it is not known whether the addresses of Datafold reach it. Check the identifier, then deploy again.',
  });
});

test('a denied call fails a deployment with its action', async () => {
  environment.faults.fail('ec2:DescribeRouteTables', 'AccessDenied');
  expect(await resource.create(PROPERTIES)).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/^ec2:DescribeRouteTables on vpc-1 failed with AccessDenied/),
  });
});

test('an update that fails is rolled back although the server is still hidden', async () => {
  await resource.create(PROPERTIES);
  hide('shop-1');
  expect(await resource.update({ ...PROPERTIES, addresses: ['192.0.2.1', '192.0.2.2'] })).toMatchObject({
    Status: 'FAILED',
  });
  expect(resource.answers.at(-1)).toMatchObject({ Status: 'SUCCESS', Data: { Network: 'unknown' } });
});

test('a removal calls nothing but CloudFormation', async () => {
  await resource.create(PROPERTIES);
  environment.faults.calls.length = 0;
  expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(environment.faults.calls.filter((call) => !call.startsWith('cloudformation:'))).toEqual([]);
});
