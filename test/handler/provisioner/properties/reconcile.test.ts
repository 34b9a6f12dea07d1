import { parseAllowlist } from '../../../../lib/handler/provisioner/allowlist/properties';
import { parseDatabaseAccess } from '../../../../lib/handler/provisioner/database-access/properties';
import { parseLogGroup } from '../../../../lib/handler/provisioner/log-group/properties';
import { parseReconcile } from '../../../../lib/handler/provisioner/reconcile/properties';
import { ownerKey } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import { parseStatementLogging } from '../../../../lib/handler/provisioner/statement-logging/properties';
import { ACCESS, STACK } from './examples';

const RECONCILE = {
  stackId: STACK,
  logicalResourceId: 'Access',
  serverName: 'shop',
  properties: ACCESS,
};
const RECONCILED = {
  ownerKey: ownerKey(STACK, 'Access'),
  stackName: 'Analytics',
  repair: false,
  serverName: 'shop',
  rotatesPassword: false,
  logsUsers: [],
  desired: parseDatabaseAccess(ACCESS),
};

test.each<[name: string, task: Record<string, unknown>, parsed: object]>([
  [
    'reconcile',
    {
      ...RECONCILE,
      repair: 'true',
      rotatesPassword: 'true',
      logsUsers: [{ userName: 'u', userPolicyArn: 'up' }],
      network: { kind: 'private-link', serviceId: 'vpce-svc-1', targetGroupArn: 'targets' },
      statementLogging: {
        logicalResourceId: 'Logging',
        properties: { identifier: 'shop', newGroupName: 'datafold-shop' },
      },
      logGroup: { logicalResourceId: 'LogGroup', properties: { logGroupName: '/log' } },
    },
    {
      ...RECONCILED,
      repair: true,
      rotatesPassword: true,
      logsUsers: [{ userName: 'u', userPolicy: 'up' }],
      network: { kind: 'private-link', serviceId: 'vpce-svc-1', targetGroupArn: 'targets' },
      logging: {
        desired: parseStatementLogging({ identifier: 'shop', newGroupName: 'datafold-shop' }),
        ownerKey: ownerKey(STACK, 'Logging'),
      },
      logGroup: { desired: parseLogGroup({ logGroupName: '/log' }), ownerKey: ownerKey(STACK, 'LogGroup') },
    },
  ],
  ['reconcile, with defaults', RECONCILE, RECONCILED],
  [
    'reconcile, with an allowlist',
    { ...RECONCILE, network: { kind: 'allowlist', allowlist: { rds: { identifier: 'shop' } } } },
    {
      ...RECONCILED,
      network: { kind: 'allowlist', allowed: parseAllowlist({ rds: { identifier: 'shop' } }) },
    },
  ],
  [
    'reconcile, with a declared path',
    { ...RECONCILE, network: {} },
    { ...RECONCILED, network: { kind: 'declared' } },
  ],
])('%s', (_name, task, parsed) => {
  expect(parseReconcile(task)).toStrictEqual(parsed);
});
