import {
  isMadeId,
  notCreatedId,
  ownerKey,
  stackNameOf,
} from '../../../lib/handler/provisioner/runtime/physical-ids';
import { accessId } from '../../../lib/handler/provisioner/database-access/properties';
import { accessKeyId } from '../../../lib/handler/provisioner/access-key/properties';
import { dataSourceId } from '../../../lib/handler/provisioner/data-source/properties';
import { logGroupId, settingsIn } from '../../../lib/handler/provisioner/log-group/physical-id';

const PREFIX = 'datafold-';
const STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/shop/0f3c9a10';
const GROUP = '/aws/rds/cluster/shop/postgresql';

test('a role is known by server and name, whatever the case of the host', () => {
  expect(
    accessId({ at: { host: 'Shop.cluster-abc.us-east-1.rds.amazonaws.com' }, port: 5432 }, 'datafold'),
  ).toBe('datafold-access/shop.cluster-abc.us-east-1.rds.amazonaws.com:5432/datafold');
});

test('a role on a server that is looked up is known by the name of the server', () => {
  const at = { lookup: { kind: 'cluster' as const, identifier: 'shop' } };
  expect(accessId({ at, port: 5432 }, 'datafold')).toBe('datafold-access/cluster:shop/datafold');
});

test('an access key is known by its user', () => {
  expect(accessKeyId('shop-Reader')).toBe('datafold-access-key/shop-Reader');
});

test('a data source is known by the name and the region of its secret', () => {
  expect(dataSourceId('arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-app-AbCdEf')).toBe(
    'datafold-data-source/eu-west-1/shop-app-AbCdEf',
  );
});

test('the id of a log group remembers what was there before', () => {
  expect(logGroupId(GROUP, {})).toBe(`datafold-log-group:${GROUP}`);
  const before = { retentionInDays: 90, kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/1' };
  const id = logGroupId(GROUP, before);
  expect(id).toBe(
    `datafold-log-group:${GROUP}?retentionInDays=90&kmsKeyArn=arn%3Aaws%3Akms%3Aus-east-1%3A111122223333%3Akey%2F1`,
  );
  expect(settingsIn(id, GROUP)).toEqual(before);
  expect(settingsIn(logGroupId(GROUP, {}), GROUP)).toEqual({});
});

test('the id of another log group remembers nothing of this one', () => {
  expect(settingsIn(logGroupId(GROUP, {}), `${GROUP}2`)).toBeUndefined();
  expect(settingsIn('shop-LogGroup-1A2B3C', GROUP)).toBeUndefined();
});

test('ids of failed creates and ids that CloudFormation makes up are not ids of something made', () => {
  expect(isMadeId(PREFIX, accessKeyId('shop-Reader'))).toBe(true);
  expect(isMadeId(PREFIX, notCreatedId(PREFIX, STACK, 'Access'))).toBe(false);
  expect(isMadeId(PREFIX, 'shop-Access-1A2B3C')).toBe(false);
});

test('the key of an owner differs by stack and by resource, and stays', () => {
  const keys = [ownerKey(STACK, 'Access'), ownerKey(STACK, 'Other'), ownerKey(`${STACK}2`, 'Access')];
  expect(new Set(keys).size).toBe(3);
  expect(ownerKey(STACK, 'Access')).toBe(keys[0]);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});

test('people get the name of the stack', () => {
  expect(stackNameOf(STACK)).toBe('shop');
});
