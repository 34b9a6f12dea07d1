import { type AllowlistFacts, allowlistStatus } from '../../../../lib/handler/provisioner/allowlist/decide';
import type { Route } from '../../../../lib/handler/provisioner/aws/network-ports';
import { publicInstance } from '../support/fake-networks';

const ADDRESSES = ['192.0.2.1', '198.51.100.7'];
const GATEWAY: Route = { destination: '0.0.0.0/0', leadsToInternet: true };
const FACTS: AllowlistFacts = {
  port: 5432,
  addresses: ADDRESSES,
  writer: publicInstance('shop-1'),
  readers: [],
  routeTables: [
    { isMain: true, subnetIds: [], routes: [] },
    { isMain: false, subnetIds: ['subnet-public'], routes: [GATEWAY] },
  ],
  ingress: ADDRESSES.map((address) => ({
    fromPort: 5432,
    toPort: 5432,
    ranges: [`${address}/32`],
    prefixListIds: [],
  })),
};
const statusOf = (facts: Partial<AllowlistFacts>) => allowlistStatus({ ...FACTS, ...facts });
const ofPublicSubnet = (...routes: Route[]) => ({
  routeTables: [{ isMain: false, subnetIds: ['subnet-public'], routes }],
});
const rule = (ranges: readonly string[], other: object = {}) => ({
  ingress: [{ fromPort: 5432, toPort: 5432, ranges, prefixListIds: [], ...other }],
});

const NO_ROUTE = {
  state: 'failed',
  message:
    'The instance shop-1 is in a subnet without a route to an internet gateway (subnet-public), so the addresses of Datafold do not reach it.',
  next: 'Use DatafoldNetworkAccess.privateLink, or move the server to public subnets yourself, then deploy again.',
};
const OK = {
  state: 'ok',
  message: 'The instance shop-1 is publicly accessible and lets the addresses of Datafold in on port 5432.',
};

test('addresses reach a public instance in a public subnet whose security groups let them in', () => {
  expect(statusOf({})).toEqual(OK);
});

test('addresses do not reach an instance that is not publicly accessible', () => {
  expect(statusOf({ writer: publicInstance('shop-1', { publiclyAccessible: false }) })).toEqual({
    state: 'failed',
    message: 'The instance shop-1 is not publicly accessible, so the addresses of Datafold do not reach it.',
    next: 'Use DatafoldNetworkAccess.privateLink, or make the server publicly accessible yourself, then deploy again.',
  });
});

test('an allowlist without addresses lets nobody in', () => {
  expect(statusOf({ addresses: [] })).toEqual({
    state: 'failed',
    message: 'The allowlist of the instance shop-1 has no address, so Datafold is not let in.',
    next: 'Give `addresses` (DatafoldAddresses of the template), then deploy again.',
  });
});

describe('the route to an internet gateway', () => {
  test('is that of the main table for a subnet without a table of its own', () => {
    const main = (routes: Route[]) => ({ routeTables: [{ isMain: true, subnetIds: [], routes }] });
    expect(statusOf(main([GATEWAY]))).toEqual(OK);
    expect(statusOf(main([]))).toEqual(NO_ROUTE);
  });

  test('is not that of the main table for a subnet with a table of its own', () => {
    const routeTables = [
      { isMain: true, subnetIds: [], routes: [GATEWAY] },
      { isMain: false, subnetIds: ['subnet-public'], routes: [] },
    ];
    expect(statusOf({ routeTables })).toEqual(NO_ROUTE);
  });

  test('must be the most specific one to each address', () => {
    const toFirewall = { destination: '192.0.2.0/24', leadsToInternet: false };
    expect(statusOf(ofPublicSubnet(GATEWAY, toFirewall))).toEqual(NO_ROUTE);
    const toOthers = { destination: '203.0.113.0/24', leadsToInternet: false };
    expect(statusOf(ofPublicSubnet(GATEWAY, toOthers))).toEqual(OK);
    const toAddresses = ADDRESSES.map((one) => ({ destination: `${one}/32`, leadsToInternet: true }));
    expect(statusOf(ofPublicSubnet(...toAddresses))).toEqual(OK);
  });

  test('may be that of a prefix list, whose addresses are not known', () => {
    expect(statusOf(ofPublicSubnet({ leadsToInternet: true }))).toEqual(OK);
    expect(statusOf(ofPublicSubnet({ leadsToInternet: false }))).toEqual(NO_ROUTE);
  });

  test('is not looked for if RDS names no subnet', () => {
    expect(statusOf({ writer: publicInstance('shop-1', { subnets: [] }), routeTables: [] })).toEqual(OK);
  });

  test('is looked for in the zone of the instance, and in all subnets if the zone is unknown', () => {
    const inZoneOf = (zone?: string) => statusOf({ writer: publicInstance('shop-1', { zone }) });
    expect(inZoneOf('us-east-1b').message).toContain('(subnet-isolated)');
    expect(inZoneOf()).toEqual(OK);
  });
});

describe('the security groups', () => {
  test('must let in each address, and those that they do not let in are named', () => {
    expect(statusOf(rule(['192.0.2.1/32']))).toEqual({
      state: 'failed',
      message: 'The security groups of the instance shop-1 (sg-1) do not let 198.51.100.7 in on port 5432.',
      next: 'Give `securityGroups` of the server in the app: those that the server has in RDS. If a rule was deleted by hand, remove the construct from the app and deploy, then add it again and deploy.',
    });
  });

  test.each([
    ['a wider range', rule(['0.0.0.0/0']), 'ok'],
    ['a range of ports', rule(['0.0.0.0/0'], { fromPort: 0, toPort: 65535 }), 'ok'],
    ['another port', rule(['0.0.0.0/0'], { fromPort: 5433, toPort: 5433 }), 'failed'],
    ['no rule', { ingress: [] }, 'failed'],
    [
      'the prefix list of the construct',
      { ...rule([], { prefixListIds: ['pl-1'] }), prefixListId: 'pl-1' },
      'ok',
    ],
    ['another prefix list', { ...rule([], { prefixListIds: ['pl-2'] }), prefixListId: 'pl-1' }, 'failed'],
    ['some prefix list, and the construct has none', rule([], { prefixListIds: ['pl-2'] }), 'failed'],
  ])('with %s: %#', (_, facts, state) => {
    expect(statusOf(facts).state).toBe(state);
  });
});

test('a reader that is not publicly accessible is named, since it may become the writer', () => {
  const readers = [publicInstance('shop-2'), publicInstance('shop-3', { publiclyAccessible: false })];
  expect(statusOf({ readers })).toEqual({
    state: 'ok',
    message: `${OK.message} Not after a failover to shop-3, which is not publicly accessible.`,
  });
});
