import { parseAccessKey } from '../../../../lib/handler/provisioner/access-key/properties';
import { parseDataSource } from '../../../../lib/handler/provisioner/data-source/properties';
import { parseLineageProof } from '../../../../lib/handler/provisioner/lineage-proof/properties';
import { parseLogExclusions } from '../../../../lib/handler/provisioner/log-exclusions/properties';
import { parseLogsUserGroup } from '../../../../lib/handler/provisioner/logs-user-group/properties';
import { parseRegistration } from '../../../../lib/handler/provisioner/registration/properties';
import { parseKeyRotation, parseRenewal } from '../../../../lib/handler/provisioner/key-rotation/properties';
import { parseStatementLogging } from '../../../../lib/handler/provisioner/statement-logging/properties';

import { LOG, PARSED_SERVER, SERVER, SOURCE } from './examples';

const DAY = 24 * 60 * 60_000;
const PARSED_LOG = { server: { kind: 'instance', identifier: 'shop' }, logGroupName: '/log' };

type Parse = (properties: Record<string, unknown>) => unknown;
type Example = [name: string, parse: Parse, properties: Record<string, unknown>, parsed: object];

test.each<Example>([
  [
    'access key',
    parseAccessKey,
    { userName: 'u', userPolicyArn: 'up', secretArn: 's', secretKeyArn: 'k' },
    { userName: 'u', userPolicy: 'up', secret: 's', secretKey: 'k' },
  ],
  [
    'lineage proof',
    parseLineageProof,
    {
      sqlRunner: 'runner',
      server: SERVER,
      dataSourceSecretArn: 'source',
      statementLog: LOG,
      keyHasSourceIps: 'true',
    },
    {
      sqlRunner: 'runner',
      server: PARSED_SERVER,
      connectionSecret: 'source',
      statementLog: PARSED_LOG,
      keyHasSourceIps: true,
    },
  ],
  [
    'lineage proof, with defaults',
    parseLineageProof,
    { sqlRunner: 'runner', server: SERVER, dataSourceSecretArn: 'source', statementLog: LOG },
    {
      sqlRunner: 'runner',
      server: PARSED_SERVER,
      connectionSecret: 'source',
      statementLog: PARSED_LOG,
      keyHasSourceIps: false,
    },
  ],
  [
    'log exclusions',
    parseLogExclusions,
    {
      sqlRunner: 'runner',
      server: SERVER,
      adminSecretArn: 'admin',
      maintenanceDatabase: 'admin_db',
      excludedRoles: ['etl'],
      excludedDatabases: ['jobs'],
    },
    {
      sqlRunner: 'runner',
      server: PARSED_SERVER,
      adminSecret: 'admin',
      maintenanceDatabase: 'admin_db',
      exclusions: { roles: ['etl'], databases: ['jobs'] },
    },
  ],
  [
    'log exclusions, with defaults',
    parseLogExclusions,
    { sqlRunner: 'runner', server: SERVER, adminSecretArn: 'admin' },
    {
      sqlRunner: 'runner',
      server: PARSED_SERVER,
      adminSecret: 'admin',
      maintenanceDatabase: 'postgres',
      exclusions: { roles: [], databases: [] },
    },
  ],
  [
    "the logs user's group",
    parseLogsUserGroup,
    { userName: 'u', userPolicyArn: 'up', groupName: 'g', policyArn: 'p' },
    { userName: 'u', userPolicy: 'up', groupName: 'g', policyArn: 'p' },
  ],
  [
    'registration',
    parseRegistration,
    {
      host: 'https://eu.datafold.com/',
      apiKeySecretArn: 'api-key',
      onProblem: 'warn',
      source: { ...SOURCE, type: 'pg' },
    },
    {
      host: 'https://eu.datafold.com',
      apiKeySecret: 'api-key',
      onProblem: 'warn',
      source: parseDataSource({ ...SOURCE, type: 'pg' }),
    },
  ],
  [
    'registration, with defaults',
    parseRegistration,
    { apiKeySecretArn: 'api-key', source: SOURCE },
    {
      host: 'https://app.datafold.com',
      apiKeySecret: 'api-key',
      onProblem: 'fail',
      source: parseDataSource(SOURCE),
    },
  ],
  [
    'statement logging',
    parseStatementLogging,
    {
      kind: 'instance',
      identifier: 'Shop',
      newGroupName: 'Datafold-Shop',
      sharedParameterGroup: 'modify',
      rebootPolicy: 'if-pending',
      logBindValues: 'false',
      logRetention: '30',
      shortenLogRetention: 'true',
      logEncryptionKey: 'key',
      maskedData: ['EmailAddress'],
      tags: { team: 'data' },
    },
    {
      server: { kind: 'instance', identifier: 'shop' },
      newGroupName: 'datafold-shop',
      sharedParameterGroup: 'modify',
      rebootPolicy: 'if-pending',
      logBindValues: false,
      log: {
        logGroupName: '/aws/rds/instance/shop/postgresql',
        logRetention: 30,
        shortenLogRetention: true,
        logEncryptionKey: 'key',
        maskedData: ['EmailAddress'],
        tags: { team: 'data' },
      },
    },
  ],
  [
    'statement logging, with defaults',
    parseStatementLogging,
    { identifier: 'shop', newGroupName: 'datafold-shop' },
    {
      server: { kind: 'cluster', identifier: 'shop' },
      newGroupName: 'datafold-shop',
      sharedParameterGroup: 'refuse',
      rebootPolicy: 'never',
      logBindValues: true,
      log: {
        logGroupName: '/aws/rds/cluster/shop/postgresql',
        shortenLogRetention: false,
        maskedData: [],
        tags: {},
      },
    },
  ],
  [
    'rotation of the access key',
    parseKeyRotation,
    {
      properties: { userName: 'u', userPolicyArn: 'up', secretArn: 's' },
      every: '30',
      overlap: '7',
      grace: '3',
      dataSourceSecretArns: ['source'],
      topicArn: 'topic',
    },
    {
      userName: 'u',
      userPolicy: 'up',
      secret: 's',
      secretKey: undefined,
      times: { every: 30 * DAY, overlap: 7 * DAY, grace: 3 * DAY },
      dataSourceSecrets: ['source'],
      topic: 'topic',
    },
  ],
  [
    'rotation of the access key, with defaults',
    parseKeyRotation,
    { properties: { userName: 'u', userPolicyArn: 'up', secretArn: 's' } },
    {
      userName: 'u',
      userPolicy: 'up',
      secret: 's',
      secretKey: undefined,
      times: { every: 90 * DAY, overlap: 14 * DAY, grace: 14 * DAY },
      dataSourceSecrets: [],
      topic: undefined,
    },
  ],
  [
    'renewal of data sources',
    parseRenewal,
    {
      properties: { accessKeySecretArn: 'key', passwordSecretArn: 'password' },
      dataSourceSecretArns: ['source'],
      topicArn: 'topic',
    },
    { accessKeySecret: 'key', passwordSecret: 'password', dataSourceSecrets: ['source'], topic: 'topic' },
  ],
  [
    'renewal of data sources, with defaults',
    parseRenewal,
    { properties: {} },
    { accessKeySecret: undefined, passwordSecret: undefined, dataSourceSecrets: [], topic: undefined },
  ],
])('%s', (_name, parse, properties, parsed) => {
  expect(parse(properties)).toStrictEqual(parsed);
});
