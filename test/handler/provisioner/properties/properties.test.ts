import { parseAccessKey } from '../../../../lib/handler/provisioner/access-key/properties';
import { parseDatabaseAccess } from '../../../../lib/handler/provisioner/database-access/properties';
import { parseDataSource } from '../../../../lib/handler/provisioner/data-source/properties';
import { parseLogGroup } from '../../../../lib/handler/provisioner/log-group/properties';

const ACCESS = {
  sqlRunner: 'runner',
  server: { host: 'db.example', port: '5433', tls: 'disable', caCertificate: 'PEM' },
  adminSecretArn: 'admin',
  passwordSecretArn: 'password',
  roleName: 'reader',
  tempSchema: 'reader_tmp',
  databases: [
    { databaseName: 'app', schemas: ['sales'] },
    { databaseName: 'dwh', excludeSchemas: ['raw'], excludeTables: ['public.*'] },
  ],
  connectionLimit: '5',
  statementTimeout: '60000',
  maintenanceDatabase: 'admin_db',
  futureTables: 'false',
  adoptExisting: 'true',
  passwordIsGiven: 'true',
  onUnreadable: 'warn',
  removalPolicy: 'retain',
};

const SOURCE = {
  secretArn: 'secret',
  passwordSecretArn: 'password',
  accessKeySecretArn: 'key',
  type: 'postgres_aws_rds',
  name: 'shop/app',
  tempSchema: 'datafold_tmp',
  host: 'db.example',
  port: '5432',
  user: 'datafold',
  databaseName: 'app',
  sslMode: 'require',
  rootCertificate: 'PEM',
  region: 'eu-west-1',
  logGroupName: '/aws/rds/instance/shop/postgresql',
};

test('database access: texts are parsed to their types', () => {
  expect(parseDatabaseAccess({ ServiceToken: 'arn', ...ACCESS })).toEqual({
    sqlRunner: 'runner',
    server: { at: { host: 'db.example' }, port: 5433, tls: 'disable', caCertificate: 'PEM' },
    adminSecret: 'admin',
    manageRole: true,
    onFailedStep: 'fail',
    onNoLineage: 'warn',
    passwordSecret: 'password',
    access: {
      roleName: 'reader',
      tempSchema: 'reader_tmp',
      databases: [
        { databaseName: 'app', schemas: ['sales'] },
        { databaseName: 'dwh', excludeSchemas: ['raw'], excludeTables: ['public.*'] },
      ],
      connectionLimit: 5,
      statementTimeout: 60_000,
      maintenanceDatabase: 'admin_db',
      futureTables: false,
      adoptExisting: true,
      passwordIsGiven: true,
      onUnreadable: 'warn',
    },
    removalPolicy: 'retain',
  });
});

test('database access: needs no secret of an administrator if a DBA runs the SQL, and checks the statement log', () => {
  const rest = { ...ACCESS, adminSecretArn: undefined };
  const statementLog = {
    kind: 'instance',
    identifier: 'shop',
    logGroupName: '/aws/rds/instance/shop/postgresql',
  };
  const policy = { onFailedStep: 'warn', onNoLineage: 'fail' };
  expect(parseDatabaseAccess({ ...rest, manageRole: 'false', statementLog, ...policy })).toMatchObject({
    manageRole: false,
    statementLog: {
      server: { kind: 'instance', identifier: 'shop' },
      logGroupName: '/aws/rds/instance/shop/postgresql',
    },
    ...policy,
  });
  expect(() => parseDatabaseAccess(rest)).toThrow(
    'The properties of the custom resource are not valid: `adminSecretArn` is missing. Correct them in the template, then deploy again.',
  );
});

test('database access: a property that an old release did not write has its default', () => {
  const { sqlRunner, adminSecretArn, passwordSecretArn, roleName } = ACCESS;
  const old = { sqlRunner, adminSecretArn, passwordSecretArn, roleName };
  expect(
    parseDatabaseAccess({ ...old, server: { host: 'db.example' }, databases: [{ databaseName: 'app' }] }),
  ).toEqual({
    sqlRunner: 'runner',
    server: { at: { host: 'db.example' }, port: 5432, tls: 'verify-full' },
    adminSecret: 'admin',
    manageRole: true,
    onFailedStep: 'fail',
    onNoLineage: 'warn',
    passwordSecret: 'password',
    access: {
      roleName: 'reader',
      tempSchema: 'datafold_tmp',
      databases: [{ databaseName: 'app' }],
      maintenanceDatabase: 'postgres',
      futureTables: true,
      adoptExisting: false,
      onUnreadable: 'fail',
    },
    removalPolicy: 'destroy',
  });
});

test('database access: a server without a host is looked up in RDS', () => {
  const server = { lookup: { kind: 'instance', identifier: 'shop' }, port: '5432', tls: 'verify-full' };
  expect(parseDatabaseAccess({ ...ACCESS, server }).server).toEqual({
    at: { lookup: { kind: 'instance', identifier: 'shop' } },
    port: 5432,
    tls: 'verify-full',
  });
});

test('accepts numbers and booleans as well as texts', () => {
  const parsed = parseDatabaseAccess({
    ...ACCESS,
    server: { host: 'db.example', port: 6543 },
    futureTables: true,
  });
  expect(parsed.server.port).toBe(6543);
  expect(parsed.access.futureTables).toBe(true);
});

test('reports all problems in one error, each with its property', () => {
  const bad = {
    ...ACCESS,
    sqlRunner: '',
    server: { port: '70000', tls: 'maybe' },
    databases: [{ databaseName: 'app', schemas: 'sales' }, 'dwh'],
    futureTables: 'yes',
  };
  expect(() => parseDatabaseAccess(bad)).toThrow(
    'The properties of the custom resource are not valid: `sqlRunner` is missing; `server.host` is missing; `server.port` must be a whole number from 1 to 65535, got: "70000"; `server.tls` must be one of verify-full, disable, got: "maybe"; `futureTables` must be one of true, false, got: "yes"; `databases[1]` must be an object; `databases[0].schemas` must be a list of texts; `databases[1].databaseName` is missing. Correct them in the template, then deploy again.',
  );
});

test('refuses an empty list of databases', () => {
  expect(() => parseDatabaseAccess({ ...ACCESS, databases: [] })).toThrow(
    'The properties of the custom resource are not valid: `databases` must be a list with at least one item. Correct them in the template, then deploy again.',
  );
});

test('refuses properties that are not an object', () => {
  expect(() => parseAccessKey('x')).toThrow(
    'The properties of the custom resource are not valid: the properties must be an object; `userName` is missing; `userPolicyArn` is missing; `secretArn` is missing. Correct them in the template, then deploy again.',
  );
});

test('access key: parses all properties', () => {
  expect(parseAccessKey({ userName: 'reader', userPolicyArn: 'policy', secretArn: 'secret' })).toEqual({
    userName: 'reader',
    userPolicy: 'policy',
    secret: 'secret',
  });
});

test('data source: parses the properties of the statement log', () => {
  expect(parseDataSource(SOURCE)).toEqual({
    secret: 'secret',
    passwordSecret: 'password',
    authorities: 'given',
    type: 'postgres_aws_rds',
    name: 'shop/app',
    tempSchema: 'datafold_tmp',
    host: 'db.example',
    port: 5432,
    user: 'datafold',
    databaseName: 'app',
    sslMode: 'require',
    rootCertificate: 'PEM',
    statementLog: {
      accessKeySecret: 'key',
      region: 'eu-west-1',
      logGroupName: '/aws/rds/instance/shop/postgresql',
    },
  });
});

test('data source: an endpoint has no statement log', () => {
  expect(parseDataSource({ ...SOURCE, type: 'pg' }).statementLog).toBeUndefined();
});

test('data source: refuses an access key without a log group', () => {
  expect(() => parseDataSource({ ...SOURCE, logGroupName: undefined })).toThrow(
    'The properties of the custom resource are not valid: `logGroupName` is missing. Correct them in the template, then deploy again.',
  );
});

test('data source: refuses a host that is longer than Datafold accepts', () => {
  expect(() => parseDataSource({ ...SOURCE, host: 'h'.repeat(129) })).toThrow(
    'The properties of the custom resource are not valid: `host` must have at most 128 characters, got 129. Correct them in the template, then deploy again.',
  );
});

test('log group: settings that are not given are not changed', () => {
  expect(parseLogGroup({ logGroupName: '/a' })).toEqual({
    logGroupName: '/a',
    shortenLogRetention: false,
    maskedData: [],
    tags: {},
  });
});

test('log group: parses all settings', () => {
  const desired = {
    logGroupName: '/a',
    logRetention: '30',
    shortenLogRetention: 'true',
    logEncryptionKey: 'arn:key',
    serverResource: 'Cluster',
    tags: { team: 'data' },
  };
  expect(parseLogGroup({ ...desired, maskedData: ['EmailAddress'] })).toEqual({
    logGroupName: '/a',
    logRetention: 30,
    shortenLogRetention: true,
    logEncryptionKey: 'arn:key',
    maskedData: ['EmailAddress'],
    serverResource: 'Cluster',
    tags: { team: 'data' },
  });
});
