/** Properties as templates write them, as few as are enough. */
export const STACK = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Analytics/1';
export const SERVER = { host: 'db.example', resource: 'Cluster' };
/** The same with its real types and defaults. */
export const PARSED_SERVER = {
  at: { host: 'db.example' },
  port: 5432,
  tls: 'verify-full',
  resource: 'Cluster',
};
export const ACCESS = {
  sqlRunner: 'runner',
  server: SERVER,
  adminSecretArn: 'admin',
  passwordSecretArn: 'password',
  roleName: 'datafold',
  databases: [{ databaseName: 'app' }],
};
export const SOURCE = {
  secretArn: 'secret',
  passwordSecretArn: 'password',
  name: 'app',
  tempSchema: 'datafold_tmp',
  host: 'db.example',
  user: 'datafold',
  databaseName: 'app',
};
export const LOG = { kind: 'instance', identifier: 'shop', logGroupName: '/log' };
