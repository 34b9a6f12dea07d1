import { ownerKey } from '../../../../lib/handler/provisioner/runtime/physical-ids';
import { parseDatabaseAccess } from '../../../../lib/handler/provisioner/database-access/properties';
import { parseDataSource } from '../../../../lib/handler/provisioner/data-source/properties';
import { parseLineageProof } from '../../../../lib/handler/provisioner/lineage-proof/properties';
import { parseLogExclusions } from '../../../../lib/handler/provisioner/log-exclusions/properties';
import { parseLogsUserGroup } from '../../../../lib/handler/provisioner/logs-user-group/properties';
import { parseAllowlist } from '../../../../lib/handler/provisioner/allowlist/properties';
import {
  parseEndpointService,
  parseRegisterTargets,
  parseTargets,
} from '../../../../lib/handler/provisioner/private-link/properties';
import { parseReconcile } from '../../../../lib/handler/provisioner/reconcile/properties';
import { parseRegistration } from '../../../../lib/handler/provisioner/registration/properties';
import { parseRenewal } from '../../../../lib/handler/provisioner/key-rotation/properties';
import { parseStatementLogging } from '../../../../lib/handler/provisioner/statement-logging/properties';
import { ACCESS, SOURCE, STACK } from './examples';

type Parse = (properties: Record<string, unknown>) => unknown;

test.each<[string, Parse, string]>([
  ['lineage proof', parseLineageProof, '`sqlRunner` is missing; `server` must be an object; `server.host` is missing; `dataSourceSecretArn` is missing; `statementLog` must be an object; `statementLog.identifier` is missing; `statementLog.logGroupName` is missing'], // prettier-ignore
  ['log exclusions', parseLogExclusions, '`sqlRunner` is missing; `server` must be an object; `server.host` is missing; `adminSecretArn` is missing'], // prettier-ignore
  ["the logs user's group", parseLogsUserGroup, '`userName` is missing; `userPolicyArn` is missing; `groupName` is missing; `policyArn` is missing'], // prettier-ignore
  ['statement logging', parseStatementLogging, '`identifier` is missing; `newGroupName` is missing'],
  ['reconcile', parseReconcile, '`stackId` is missing; `logicalResourceId` is missing; `serverName` is missing'], // prettier-ignore
  ['allowlist', parseAllowlist, '`rds` must be an object; `rds.identifier` is missing'],
  ['targets of PrivateLink', parseTargets, '`targetGroupArn` is missing; `vpcId` is missing; `server` must be an object; `server.host` is missing; `sqlRunner` is missing'], // prettier-ignore
  ['registration of targets', parseRegisterTargets, '`stackId` is missing; `logicalResourceId` is missing; `properties` must be an object; `properties.targetGroupArn` is missing; `properties.vpcId` is missing; `properties.server` must be an object; `properties.server.host` is missing; `properties.sqlRunner` is missing'], // prettier-ignore
  ['endpoint service', parseEndpointService, '`serviceId` is missing'],
  ['renewal of data sources', parseRenewal, '`properties` must be an object; `properties` must be an object'],
])('%s: everything that is missing is reported at once', (_name, parse, problems) => {
  expect(() => parse({})).toThrow(
    `The properties of the custom resource are not valid: ${problems}. Correct them in the template, then deploy again.`,
  );
});

test.each([['eu.datafold.com'], ['ftp://eu.datafold.com'], ['https://'], [' https://eu.datafold.com']])(
  '%p is no address of Datafold',
  (host) => {
    expect(() => parseRegistration({ host, apiKeySecretArn: 'api-key', source: SOURCE })).toThrow(
      'The properties of the custom resource are not valid: `host` must be a URL such as https://app.datafold.com. Correct them in the template, then deploy again.',
    );
  },
);

test.each<[string, Parse, Record<string, unknown>, string, string[]]>([
  ['data source', parseDataSource, SOURCE, 'type', ['postgres_aurora', 'pg', 'postgres_aws_rds']],
  ['data source', parseDataSource, SOURCE, 'sslMode', ['prefer', 'require', 'verify-ca', 'verify-full']],
  ['data source', parseDataSource, SOURCE, 'authorities', ['given', 'rds', 'rds-if-known']],
  ['database access', parseDatabaseAccess, ACCESS, 'onFailedStep', ['fail', 'warn']],
  ['database access', parseDatabaseAccess, ACCESS, 'onNoLineage', ['warn', 'fail']],
  ['database access', parseDatabaseAccess, ACCESS, 'removalPolicy', ['destroy', 'retain']],
])('%s: the words of a property, the default first: %s', (_type, parse, properties, name, words) => {
  const valueOf = (value?: string) =>
    (parse({ ...properties, [name]: value }) as Record<string, unknown>)[name];
  expect([undefined, ...words].map(valueOf)).toEqual([words[0], ...words]);
});

test('database access: the policies that the sql-runner needs are part of the access', () => {
  const of = (more: object) => parseDatabaseAccess({ ...ACCESS, ...more }).access;
  expect(of({ onFailedStep: 'warn' })).toHaveProperty('onFailedStep', 'warn');
  expect(of({ onFailedStep: 'fail' })).not.toHaveProperty('onFailedStep');
  expect(of({ onUnreadable: 'fail' }).onUnreadable).toBe('fail');
  expect(of({ onUnreadable: 'warn' }).onUnreadable).toBe('warn');
});

test('a server without a kind is looked up as a cluster', () => {
  const at = (lookup: object) => parseDatabaseAccess({ ...ACCESS, server: { lookup } }).server.at;
  expect(at({ identifier: 'shop' })).toEqual({ lookup: { kind: 'cluster', identifier: 'shop' } });
  expect(at({ kind: 'cluster', identifier: 'shop' })).toEqual({
    lookup: { kind: 'cluster', identifier: 'shop' },
  });
});

test('a host overrides a look-up', () => {
  const server = { host: 'db.example', lookup: { identifier: 'shop' } };
  expect(parseDatabaseAccess({ ...ACCESS, server }).server).toStrictEqual({
    at: { host: 'db.example' },
    port: 5432,
    tls: 'verify-full',
  });
});

test('data source: accepts a host of the maximum length', () => {
  expect(parseDataSource({ ...SOURCE, host: 'h'.repeat(128), port: '6543' })).toMatchObject({
    host: 'h'.repeat(128),
    port: 6543,
  });
});

test.each<[string, Record<string, unknown>, object]>([
  [
    'reconcile',
    {
      stackId: STACK,
      logicalResourceId: 'Access',
      repair: 'true',
      serverName: 'orders',
      properties: ACCESS,
      statementLogging: {
        logicalResourceId: 'Logging',
        properties: { identifier: 'shop', newGroupName: 'datafold-shop' },
      },
      logsUsers: [{ userName: 'u', userPolicyArn: 'up' }],
      rotatesPassword: 'true',
    },
    {
      ownerKey: ownerKey(STACK, 'Access'),
      stackName: 'Analytics',
      repair: true,
      serverName: 'orders',
      desired: parseDatabaseAccess(ACCESS),
      logging: {
        desired: parseStatementLogging({ identifier: 'shop', newGroupName: 'datafold-shop' }),
        ownerKey: ownerKey(STACK, 'Logging'),
      },
      logsUsers: [{ userName: 'u', userPolicy: 'up' }],
      rotatesPassword: true,
    },
  ],
  [
    'reconcile, without statement logging',
    { stackId: STACK, logicalResourceId: 'Access', serverName: 'orders', properties: ACCESS },
    {
      ownerKey: ownerKey(STACK, 'Access'),
      stackName: 'Analytics',
      repair: false,
      serverName: 'orders',
      desired: parseDatabaseAccess(ACCESS),
      logsUsers: [],
      rotatesPassword: false,
    },
  ],
])('%s', (_name, properties, parsed) => {
  expect(parseReconcile(properties)).toStrictEqual(parsed);
});
