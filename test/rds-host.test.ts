import { isOfAnotherServer } from '../lib/handler/sql-runner/another-server';
import { parseRdsHost } from '../lib/private/server/rds-host';

test.each([
  ['shop.abcdefghijkl.eu-west-1.rds.amazonaws.com', 'instance'],
  ['shop.cluster-abcdefghijkl.eu-west-1.rds.amazonaws.com', 'cluster'],
  ['shop.cluster-ro-abcdefghijkl.us-gov-west-1.rds.amazonaws.com', 'cluster-ro'],
  ['shop.cluster-abcdefghijkl.rds.us-gov-west-1.amazonaws.com', 'cluster'],
  ['Shop.cluster-custom-abcdefghijkl.rds.cn-north-1.amazonaws.com.cn', 'cluster-custom'],
  ['shop.abcdefghijkl.rds.cn-northwest-1.amazonaws.com.cn', 'instance'],
  ['shop.abcdefghijkl.cn-north-1.rds.amazonaws.com.cn', 'instance'],
  ['shop.proxy-abcdefghijkl.eusc-de-east-1.rds.amazonaws.eu', 'proxy'],
  ['shop.endpoint.proxy-abcdefghijkl.rds.cn-north-1.amazonaws.com.cn', 'proxy'],
  ['shop.shardgrp-abcdefghijkl.us-iso-east-1.rds.c2s.ic.gov', 'shardgrp'],
])('%s is the host name of a server of RDS: %s', (host, kind) => {
  expect(parseRdsHost(host)).toEqual({ identifier: 'shop', kind });
});

test.each([
  'db.example.com',
  'shop.abcdefghijkl.eu-west-1.rds.amazonaws.com.attacker.example',
  'shop.abcdefghijkl.rds.amazonaws.attacker.example',
  'a.b.c.attacker.example/.rds.amazonaws.com',
])('%s is not', (host) => {
  expect(parseRdsHost(host)).toBeUndefined();
});

test.each([
  'eu-west-1.rds.amazonaws.com',
  'rds.cn-north-1.amazonaws.com.cn',
  'eusc-de-east-1.rds.amazonaws.eu',
])('servers of %s are told apart by their identifiers', (domain) => {
  const id = (name: string) => `datafold-access/${name}.cluster-abcdefghijkl.${domain}:5432/datafold`;
  expect(isOfAnotherServer(id('shop'), id('copy'))).toBe(true);
  expect(isOfAnotherServer(id('shop'), id('shop'))).toBe(false);
});
