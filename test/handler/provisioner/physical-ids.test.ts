import {
  isMadeId,
  notCreatedId,
  ownerKey,
  stackNameOf,
} from '../../../lib/handler/provisioner/runtime/physical-ids';
import { accessId } from '../../../lib/handler/provisioner/database-access/properties';
import { accessKeyId } from '../../../lib/handler/provisioner/access-key/properties';
import { allowlistId, serverOfAllowlist } from '../../../lib/handler/provisioner/allowlist/properties';
import { logsUserGroupId } from '../../../lib/handler/provisioner/logs-user-group/properties';
import { endpointServiceId, targetsId } from '../../../lib/handler/provisioner/private-link/properties';
import { registeredIn, registrationId } from '../../../lib/handler/provisioner/registration/properties';
import { statementLoggingId } from '../../../lib/handler/provisioner/statement-logging/properties';
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

test('an allowlist is known by its server, which its id gives back', () => {
  const id = allowlistId({ rds: { kind: 'instance', identifier: 'shop' } });
  expect(id).toBe('datafold-allowlist/instance/shop');
  expect(serverOfAllowlist(id)).toEqual({ kind: 'instance', identifier: 'shop' });
  expect(serverOfAllowlist('datafold-allowlist/cluster/shop')).toEqual({
    kind: 'cluster',
    identifier: 'shop',
  });
});

test.each([
  'datafold-allowlist/server/shop',
  'datafold-allowlist/cluster/',
  'datafold-access/cluster/shop',
  'shop-Allowlist-1A2B3C',
])('%s is no id of an allowlist', (id) => {
  expect(serverOfAllowlist(id)).toBeUndefined();
});

test('the membership of the logs user is known by group and user', () => {
  expect(logsUserGroupId('CloudWatchLogsReadOnly', 'shop-Reader')).toBe(
    'datafold-logs-user-group/CloudWatchLogsReadOnly/shop-Reader',
  );
});

test('targets are known by their target group, an endpoint service by its id', () => {
  const targetGroupArn =
    'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/shop-Targets/0123456789abcdef';
  expect(targetsId({ targetGroupArn } as Parameters<typeof targetsId>[0])).toBe(
    'datafold-private-link-targets/shop-Targets/0123456789abcdef',
  );
  expect(endpointServiceId({ serviceId: 'vpce-svc-1' })).toBe('datafold-endpoint-service/vpce-svc-1');
});

test('a registration is known by the Datafold and the number there, which its id gives back', () => {
  const id = registrationId('https://eu.datafold.com', 42);
  expect(id).toBe('datafold-registration/eu.datafold.com/42');
  expect(registeredIn(id, 'https://eu.datafold.com')).toBe(42);
  expect(registeredIn(id, 'https://app.datafold.com')).toBeUndefined();
  expect(registeredIn('datafold-registration/eu.datafold.com/x', 'https://eu.datafold.com')).toBeUndefined();
});

test('statement logging is known by its server', () => {
  expect(statementLoggingId({ kind: 'cluster', identifier: 'shop' })).toBe(
    'datafold-statement-logging/cluster/shop',
  );
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
