import type { PrivateLinkTargetsProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';
import { addShop, CLUSTER, hostOf, PROPERTIES, registered, TAGS, TARGET_GROUP, TARGETS_ID } from './support';

let environment: TestEnvironment;
let resource: StackResource<PrivateLinkTargetsProperties>;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  environment.privateLink.tags = TAGS;
  resource = new StackResource(environment, 'Custom::DatafoldPrivateLinkTargets');
});
afterEach(async () => environment.stop());

const answered = (report: object) => environment.functions.answer(JSON.stringify({ ok: true, report }));

describe('the deployment', () => {
  test('registers the address of the writer and waits until it is healthy', async () => {
    addShop(environment, 'shop-2');
    const healthyAt = environment.clock.now() + 90_000;
    environment.privateLink.health = () => ({
      state: environment.clock.now() < healthyAt ? 'initial' : 'healthy',
    });
    expect(await resource.create(PROPERTIES)).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: TARGETS_ID,
      Data: { Addresses: '10.0.1.2', Host: PROPERTIES.server.host },
    });
    expect(environment.clock.now()).toBeGreaterThanOrEqual(healthyAt);
    expect(environment.privateLink.changes).toEqual(['elasticloadbalancing:RegisterTargets 10.0.1.2']);
  });

  test('follows a failover that happens while it waits', async () => {
    addShop(environment, 'shop-1');
    environment.privateLink.health = (address) => {
      addShop(environment, 'shop-2');
      return { state: address === '10.0.1.2' ? 'healthy' : 'unhealthy' };
    };
    expect(await resource.create(PROPERTIES)).toMatchObject({ Data: { Addresses: '10.0.1.2' } });
    expect(registered(environment)).toEqual(['10.0.1.2']);
  });

  test('fails with the reason if the target does not become healthy', async () => {
    addShop(environment, 'shop-1');
    environment.privateLink.health = () => ({ state: 'unhealthy', reason: 'Target.FailedHealthChecks' });
    expect(await resource.create(PROPERTIES)).toMatchObject({
      Status: 'FAILED',
      Reason:
        "The load balancer of PrivateLink has no healthy target after 10 minutes, so Datafold can't reach the server. The target 10.0.1.1:5432 is unhealthy (Target.FailedHealthChecks). The load balancer opens no connection to port 5432: check that the server is available, that its security groups allow the security group of the load balancer on this port, and that network ACLs do not deny it. Then deploy again.",
    });
  });

  test('continues in another invocation if the time of the first one ends', async () => {
    addShop(environment, 'shop-1');
    environment.timeout = 120_000;
    const healthyAt = environment.clock.now() + 300_000;
    environment.privateLink.health = () => ({
      state: environment.clock.now() < healthyAt ? 'initial' : 'healthy',
    });
    expect(await resource.create(PROPERTIES)).toMatchObject({ Status: 'SUCCESS' });
    expect(environment.functions.sent.length).toBeGreaterThan(0);
  });

  test('fails before it registers a server that the target group is not tagged with', async () => {
    addShop(environment, 'shop-1');
    environment.privateLink.tags = {};
    expect(await resource.create(PROPERTIES)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(
        /^No target is changed: the target group \S+ has no tag cdk-datafold-postgres:server/,
      ),
    });
    expect(environment.privateLink.changes).toEqual([]);
  });

  test('fails if RDS has no such cluster', async () => {
    expect(await resource.create(PROPERTIES)).toMatchObject({
      Status: 'FAILED',
      Reason:
        'RDS has no cluster shop in this account and region, so no address can be registered. Check the identifier, then deploy again.',
    });
  });

  test('deregisters targets of another server', async () => {
    addShop(environment, 'shop-1');
    await resource.create(PROPERTIES);
    const other = { kind: 'instance', identifier: 'shop-2' } as const;
    environment.privateLink.tags = { 'cdk-datafold-postgres:server': 'vpc-1 instance/shop-2:5432' };
    expect(await resource.update({ ...PROPERTIES, rds: other })).toMatchObject({ Status: 'SUCCESS' });
    expect(registered(environment)).toEqual(['10.0.1.2']);
  });

  test('resolves a server outside of RDS by its name', async () => {
    environment.privateLink.names.set('db.example.com', ['10.0.2.1', '10.0.2.2']);
    environment.privateLink.tags = { 'cdk-datafold-postgres:server': 'vpc-1 db.example.com:5432' };
    const server = { host: 'db.example.com', port: '5432', tls: 'verify-full' } as const;
    const { rds: _, ...rest } = PROPERTIES;
    expect(await resource.create({ ...rest, server })).toMatchObject({ Status: 'SUCCESS' });
    expect(registered(environment)).toEqual(['10.0.2.1', '10.0.2.2']);
  });
});

describe('a server that is publicly accessible', () => {
  beforeEach(() => {
    addShop(environment, 'shop-1');
    environment.privateLink.names.set(hostOf('shop-1'), ['54.1.2.3']);
  });

  test('is registered with its address in the VPC', async () => {
    environment.functions.next(answered({ addresses: ['10.0.1.1'] }));
    expect(await resource.create(PROPERTIES)).toMatchObject({ Data: { Addresses: '10.0.1.1' } });
    expect(environment.functions.requests).toEqual([
      {
        operation: 'resolve',
        server: { host: PROPERTIES.server.host, port: 5432, tls: 'verify-full' },
        host: hostOf('shop-1'),
      },
    ]);
  });

  test('is not registered with an address outside of the VPC', async () => {
    environment.functions.next(answered({ addresses: ['54.1.2.3'] }));
    expect(await resource.create(PROPERTIES)).toMatchObject({
      Status: 'FAILED',
      Reason: `${hostOf('shop-1')} is 54.1.2.3 in the VPC vpc-1, whose ranges are 10.0.0.0/16: only an address of the VPC can be registered. Check that the server is in this VPC, and that the VPC has DNS hostnames and DNS resolution enabled.`,
    });
    expect(environment.privateLink.changes).toEqual([]);
  });
});

describe('the rollback', () => {
  test('succeeds although the target is not healthy', async () => {
    addShop(environment, 'shop-1');
    await resource.create(PROPERTIES);
    environment.privateLink.health = () => ({ state: 'unhealthy' });
    const answer = await resource.update({ ...PROPERTIES, sqlRunner: 'other' });
    expect(answer.Status).toBe('FAILED');
    expect(resource.answers.at(-1)).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: TARGETS_ID,
      Data: { Addresses: 'unknown', Host: 'unknown' },
    });
  });

  test('a removal changes nothing: CloudFormation deletes the targets with their target group', async () => {
    addShop(environment, 'shop-1');
    await resource.create(PROPERTIES);
    environment.rds.drop(CLUSTER);
    environment.faults.calls.length = 0;
    expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(environment.faults.calls).toEqual([]);
    expect(TARGET_GROUP).toContain('datafold');
  });
});
