import { App, aws_rds as rds, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import { DatabaseAccess, DataSource, PostgresServer, StatementLogging } from '../lib';
import { auroraCluster, isolatedVpc, newStack } from './support/stacks';

const databases = [{ databaseName: 'app' }, { databaseName: 'crm' }];

function imported(stack: Stack, clusterIdentifier: string, id = 'Imported'): PostgresServer {
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, id, { clusterIdentifier });
  const adminSecret = new secretsmanager.Secret(stack, `${id}Admin`);
  return PostgresServer.auroraCluster(cluster, {
    vpc: isolatedVpc(stack, `${id}Vpc`),
    functionSecurityGroups: [],
    adminSecret,
  });
}

function endpoint(stack: Stack, host: string, id = 'Endpoint'): PostgresServer {
  return PostgresServer.endpoint({ host, adminSecret: new secretsmanager.Secret(stack, `${id}Admin`) });
}

const cluster = (stack: Stack, id = 'Cluster') => PostgresServer.auroraCluster(auroraCluster(stack, {}, id));

function errorOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

describe('a data source', () => {
  const connect = (databaseName: string, imported = false) => {
    const stack = newStack();
    const server = imported ? endpoint(stack, 'db.example.com') : cluster(stack);
    const access = imported
      ? DatabaseAccess.fromDatabaseAccessAttributes(stack, 'Access', {
          server,
          passwordSecret: new secretsmanager.Secret(stack, 'Password'),
          databaseNames: databases.map((one) => one.databaseName),
        })
      : new DatabaseAccess(stack, 'Access', { server, databases });
    return errorOf(() => new DataSource(stack, 'Data', { access, databaseName }));
  };

  test.each([false, true])('is for a database that its role may read (of another app: %s)', (ofOther) => {
    expect(connect('crm', ofOther)).toBeUndefined();
    expect(connect('dwh', ofOther)).toBe(
      "Test/Data can't be set up:\n" +
        '  - `databaseName` must be one of the `databases` of `access` (app, crm), its role may read no other, got: dwh',
    );
  });
});

describe('two that make the same role on one server', () => {
  const say = (server: string) =>
    `Test/B can't be set up:\n  - the role datafold on the ${server} is made by Test/A too: name all its databases in one of the two, or give one another \`roleName\``;
  const both = (one: PostgresServer, other: PostgresServer, stack: Stack, props = {}) => {
    new DatabaseAccess(stack, 'A', { server: one, databases });
    return errorOf(() => new DatabaseAccess(stack, 'B', { server: other, databases, ...props }));
  };

  test('are refused', () => {
    const stack = newStack();
    const server = cluster(stack);
    expect(both(server, server, stack)).toBe(say('cluster Test/Cluster'));
  });

  test('are refused under two names of the import', () => {
    const stack = newStack();
    expect(both(imported(stack, 'shop'), imported(stack, 'shop', 'Other'), stack)).toBe(say('cluster shop'));
  });

  test('are taken where the role differs, or is taken over', () => {
    for (const props of [{ roleName: 'reader' }, { adoptExisting: true }]) {
      const stack = newStack();
      const server = cluster(stack);
      expect(both(server, server, stack, props)).toBeUndefined();
    }
  });

  test('are taken in stacks that may be for different accounts or regions', () => {
    const app = new App();
    const make = (id: string) => {
      const stack = new Stack(app, id);
      new DatabaseAccess(stack, 'Access', { server: imported(stack, 'shop'), databases });
    };
    expect(errorOf(() => ['Dev', 'Prod'].forEach(make))).toBeUndefined();
  });
});

describe('a server of another region or account', () => {
  const app = new App();
  const env = { account: '111122223333', region: 'eu-west-1' };
  const home = new Stack(app, 'Home', { env, crossRegionReferences: true });
  const server = cluster(home);
  const inStack = (id: string, other: object) =>
    new Stack(app, id, { env: { ...env, ...other }, crossRegionReferences: true });

  test('is refused, since the functions look for it in their own', () => {
    const stack = inStack('Away', { region: 'us-east-1' });
    const text =
      '  - `server` must be in the region of the stack Away, us-east-1, got: the cluster Home/Cluster in eu-west-1. Put this construct into a stack of eu-west-1';
    expect(errorOf(() => new DatabaseAccess(stack, 'Access', { server, databases }))).toContain(text);
    expect(errorOf(() => new StatementLogging(stack, 'Log', { server }))).toContain(text);
    expect(
      errorOf(
        () =>
          new DatabaseAccess(inStack('Theirs', { account: '444455556666' }), 'Access', { server, databases }),
      ),
    ).toContain(
      '  - `server` must be in the account of the stack Theirs, 444455556666, got: the cluster Home/Cluster in 111122223333. Put this construct into a stack of 111122223333',
    );
  });

  test('is taken where one of the two is not known', () => {
    const stack = new Stack(app, 'Anywhere', { crossRegionReferences: true });
    expect(errorOf(() => new StatementLogging(stack, 'Log', { server }))).toBeUndefined();
  });
});
