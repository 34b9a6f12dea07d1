import type { EndpointServiceProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const PROPERTIES: EndpointServiceProperties = { serviceId: 'vpce-svc-1' };

let environment: TestEnvironment;
let resource: StackResource<EndpointServiceProperties>;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = new StackResource(environment, 'Custom::DatafoldEndpointService');
});
afterEach(async () => environment.stop());

const connection = (endpointId: string, state: string) => ({ endpointId, state, owner: '210987654321' });

test('returns the ids of the availability zones, which are the same in every account', async () => {
  expect(await resource.create(PROPERTIES)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'datafold-endpoint-service/vpce-svc-1',
    Data: {
      ServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-1',
      AvailabilityZoneIds: 'use1-az1, use1-az6',
      Network: 'pending: Datafold has not connected yet.',
    },
  });
});

test('returns whether Datafold is connected, anew for another revision', async () => {
  await resource.create(PROPERTIES);
  environment.privateLink.connections = [connection('vpce-1', 'available')];
  expect(await resource.update(PROPERTIES)).toMatchObject({ Data: { Network: 'ok' } });
  environment.privateLink.connections = [connection('vpce-1', 'pendingAcceptance')];
  expect(await resource.update(PROPERTIES)).toMatchObject({
    Data: {
      Network: 'failed: vpce-1 of the account 210987654321 waits to be accepted by vpce-svc-1.',
    },
  });
});

test.each([
  ['partial', 'ok'],
  ['pending', 'pending: vpce-1 was accepted and is not available yet.'],
  ['rejected', 'pending: Datafold has not connected yet.'],
])('a connection whose state is %s has the status "%s"', async (state, Network) => {
  environment.privateLink.connections = [connection('vpce-1', state)];
  expect(await resource.create(PROPERTIES)).toMatchObject({ Data: { Network } });
});

test('fails if the service does not exist', async () => {
  environment.privateLink.service = undefined;
  expect(await resource.create(PROPERTIES)).toMatchObject({
    Status: 'FAILED',
    Reason:
      'EC2 has no endpoint service vpce-svc-1 in this account and region. If it was deleted, remove the construct from the app and deploy, then add the construct again and deploy.',
  });
});

test('a removal rejects only the connections that prevent the deletion of the service', async () => {
  await resource.create(PROPERTIES);
  environment.privateLink.connections = [
    connection('vpce-1', 'pendingAcceptance'),
    connection('vpce-2', 'available'),
    connection('vpce-3', 'rejected'),
    connection('vpce-4', 'partial'),
  ];
  expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(environment.privateLink.changes).toEqual(['ec2:RejectVpcEndpointConnections vpce-1,vpce-2,vpce-4']);
});

test('a removal without connections rejects nothing', async () => {
  await resource.create(PROPERTIES);
  expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(environment.privateLink.changes).toEqual([]);
});

test('a removal waits for the end of the connections', async () => {
  await resource.create(PROPERTIES);
  environment.privateLink.connections = [connection('vpce-1', 'available')];
  const from = environment.clock.now();
  environment.privateLink.reject = async () => {
    if (environment.clock.now() - from > 30_000) environment.privateLink.connections = [];
  };
  expect(await resource.remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(environment.clock.now() - from).toBeGreaterThan(30_000);
});

test('a removal fails without the permission to reject the connections', async () => {
  await resource.create(PROPERTIES);
  environment.privateLink.connections = [connection('vpce-1', 'available')];
  environment.faults.fail('ec2:RejectVpcEndpointConnections', 'AccessDenied');
  expect(await resource.remove()).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/^ec2:RejectVpcEndpointConnections on vpce-1 failed with AccessDenied/),
  });
});
