import {
  obstacle,
  outsideOf,
  targetChanges,
  writerOf,
} from '../../../../lib/handler/provisioner/private-link/decide';

const target = (address: string, state = 'healthy', port = 5432) => ({ address, port, state });
const member = (identifier: string, isWriter: boolean) => ({ identifier, isWriter, groupStatus: 'in-sync' });

describe('the registered targets', () => {
  test('do not change if the address is the only target', () => {
    expect(targetChanges(['10.0.0.5'], 5432, [target('10.0.0.5', 'unhealthy')])).toEqual({
      register: [],
      deregister: [],
    });
  });

  test('a new address replaces the previous one', () => {
    expect(targetChanges(['10.0.0.6'], 5432, [target('10.0.0.5')])).toEqual({
      register: ['10.0.0.6'],
      deregister: [target('10.0.0.5')],
    });
  });

  test('a draining target is registered again only if needed', () => {
    const registered = [target('10.0.0.5', 'draining'), target('10.0.0.6', 'draining')];
    expect(targetChanges(['10.0.0.5'], 5432, registered)).toEqual({ register: ['10.0.0.5'], deregister: [] });
  });

  test('a target on another port is replaced', () => {
    expect(targetChanges(['10.0.0.5'], 5432, [target('10.0.0.5', 'healthy', 5433)])).toEqual({
      register: ['10.0.0.5'],
      deregister: [target('10.0.0.5', 'healthy', 5433)],
    });
  });
});

describe('the writer', () => {
  test('is the only member with the role writer', () => {
    expect(writerOf([member('a', false), member('b', true)])).toBe('b');
  });

  test('is unknown while a failover shows none or two', () => {
    expect(writerOf([member('a', false), member('b', false)])).toBeUndefined();
    expect(writerOf([member('a', true), member('b', true)])).toBeUndefined();
    expect(writerOf([])).toBeUndefined();
  });
});

test('an address belongs to the VPC if it is in one of its ranges', () => {
  const ranges = ['10.0.0.0/16', '100.64.0.0/24'];
  expect(outsideOf(ranges, ['10.0.255.255', '100.64.0.7'])).toEqual([]);
  expect(outsideOf(ranges, ['10.1.0.0', '100.64.1.0', '54.1.2.3', '10.0.0.1'])).toEqual([
    '10.1.0.0',
    '100.64.1.0',
    '54.1.2.3',
  ]);
  expect(outsideOf([], ['10.0.0.1'])).toEqual(['10.0.0.1']);
});

describe('the reason why connections can not reach the server', () => {
  test.each([
    [[target('10.0.0.5')], undefined],
    [[target('10.0.0.5'), target('10.0.0.6', 'draining')], undefined],
    [[], 'No address of the server is known yet.'],
    [[target('10.0.0.6', 'draining')], 'No address of the server is known yet.'],
    [
      [{ ...target('10.0.0.5', 'unused'), reason: 'Target.NotInUse' }],
      'The target 10.0.0.5:5432 is unused (Target.NotInUse). The load balancer has no subnet in the availability zone of the server, or no listener for it: set `vpcSubnets` with a subnet in each zone of the subnet group of the server.',
    ],
    [
      [{ ...target('10.0.0.5', 'unhealthy'), reason: 'Target.FailedHealthChecks' }],
      'The target 10.0.0.5:5432 is unhealthy (Target.FailedHealthChecks). The load balancer opens no connection to port 5432: check that the server is available, that its security groups allow the security group of the load balancer on this port, and that network ACLs do not deny it.',
    ],
    [
      [target('10.0.0.5', 'initial')],
      'The target 10.0.0.5:5432 is initial. Its first health checks are in progress.',
    ],
  ])('targets %j: %s', (targets, expected) => {
    expect(obstacle(targets)).toBe(expected);
  });
});
