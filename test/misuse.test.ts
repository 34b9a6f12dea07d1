import {
  App,
  BootstraplessSynthesizer,
  Duration,
  Stack,
  aws_iam as iam,
  aws_kms as kms,
  aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  CloudWatchLogsUser,
  DatabaseAccess,
  DatafoldPostgres,
  type DatafoldPostgresProps,
  HandlerCode,
  PostgresServer,
  StatementLogging,
} from '../lib';
import { auroraCluster, newStack, rdsInstance } from './support/stacks';

const databases = [{ databaseName: 'app' }];

describe('what TypeScript would not compile and JavaScript passes on', () => {
  const datafold = (stack: Stack, props: object) => () =>
    new DatafoldPostgres(stack, 'Datafold', props as unknown as DatafoldPostgresProps);
  const problem = (...lines: string[]) =>
    ["Test/Datafold can't be set up:", ...lines.map((line) => `  - ${line}`)].join('\n');

  test('a cluster or an instance in place of the server', () => {
    const stack = newStack();
    const cluster = datafold(stack, { server: auroraCluster(stack), databases });
    expect(cluster).toThrow(
      problem(
        '`server` must be a PostgresServer, got: DatabaseCluster. Give it: PostgresServer.auroraCluster(cluster)',
      ),
    );
    const other = newStack();
    expect(datafold(other, { server: rdsInstance(other), databases })).toThrow(
      problem(
        '`server` must be a PostgresServer, got: DatabaseInstance. Give it: PostgresServer.rdsInstance(instance)',
      ),
    );
  });

  test('names of databases, and other plain values of a wrong type', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    const props = {
      server,
      databases: ['app', { databaseName: 5 }, {}, { databaseName: 'dwh', schemas: 'public' }],
      roleName: ['datafold'],
      futureTables: 'false',
      statementLog: true,
      logRetention: 30,
    };
    expect(datafold(stack, props)).toThrow(
      problem(
        '`roleName` must be a string, got: an array',
        '`futureTables` must be a boolean, got: "false"',
        '`statementLog` must be made by StatementLog.managed({ … }) or StatementLog.managedElsewhere(), got: true',
        '`logRetention` must be made by LogRetention.atLeast(days) or LogRetention.exactly(days), got: 30',
        '`databases[0]` must be an object, got: "app". Give it: { databaseName: \'app\' }',
        '`databases[1].databaseName` must be a string, got: 5',
        '`databases[2].databaseName` is missing',
        '`databases[3].schemas` must be an array, got: "public"',
      ),
    );
  });

  test('misspelled props, at every depth', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    const props = {
      server,
      databases: [
        { databaseName: 'app', excludeTable: ['public.users'] },
        { databaseName: 'dwh', except: ['hr.*'] },
      ],
      roleNam: 'reader',
      reconcile: { every: Duration.days(1), repare: true },
    };
    expect(datafold(stack, props)).toThrow(
      problem(
        'there is no prop `roleNam`. Did you mean `roleName`?',
        'there is no prop `databases[0].excludeTable`. Did you mean `excludeTables`?',
        'there is no prop `databases[1].except`. A database has databaseName, dataSourceName, excludeSchemas, excludeTables, schemas',
        'there is no prop `reconcile.repare`. Did you mean `repair`?',
      ),
    );
    expect(() => new CloudWatchLogsUser(stack, 'User', { sourceIp: ['1.2.3.4/32'] } as never)).toThrow(
      "Test/User can't be set up:\n  - there is no prop `sourceIp`. Did you mean `sourceIps`?",
    );
    expect(() =>
      PostgresServer.auroraCluster(auroraCluster(stack, {}, 'Other'), { ports: 1 } as never),
    ).toThrow('PostgresServer.auroraCluster: there is no prop `ports`. Did you mean `port`?');
  });

  test('a prop of a database that is given beside the databases', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    expect(datafold(stack, { server, databases, excludeTable: ['public.users'] })).toThrow(
      problem(
        "there is no prop `excludeTable`. Give it to a database: databases: [{ databaseName: 'app', excludeTables: … }]",
      ),
    );
  });

  test('props of a type of the app are none of ours', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    const schemas = ['public'];
    const own = {
      server,
      databases: [{ databaseName: 'app', schemas }],
      schemas,
      team: 'data',
      database: 'app',
    };
    expect(datafold(stack, own)).not.toThrow();
  });

  test('nothing at all', () => {
    expect(datafold(newStack(), {})).toThrow(
      problem(
        '`server` is missing. Give it by PostgresServer.auroraCluster, PostgresServer.rdsInstance or PostgresServer.endpoint',
        '`databases` is missing',
      ),
    );
    expect(datafold(newStack(), undefined as unknown as object)).toThrow(
      problem('`props` must be an object, got: undefined'),
    );
    expect(() => new StatementLogging(newStack(), 'Log', {} as never)).toThrow(
      "Test/Log can't be set up:\n  - `server` is missing.",
    );
  });

  test('an endpoint without a host', () => {
    const stack = newStack();
    const adminSecret = new secretsmanager.Secret(stack, 'Admin');
    const server = PostgresServer.endpoint({ adminSecret } as never);
    expect(() => new DatabaseAccess(stack, 'Access', { server, databases })).toThrow(
      "Test/Access can't be set up:\n  - `host` is missing. Give it: PostgresServer.endpoint({ host })",
    );
  });

  test('another thing in place of the cluster', () => {
    const stack = newStack();
    expect(() => PostgresServer.auroraCluster('shop' as never)).toThrow(
      'PostgresServer.auroraCluster takes a cluster of aws-cdk-lib/aws-rds, got: "shop"',
    );
    expect(() => PostgresServer.auroraCluster(rdsInstance(stack) as never)).toThrow(
      'PostgresServer.auroraCluster takes a cluster of aws-cdk-lib/aws-rds, got: DatabaseInstance. Give it: PostgresServer.rdsInstance(instance)',
    );
    expect(() => PostgresServer.rdsInstance(undefined as never)).toThrow(
      'PostgresServer.rdsInstance takes an instance of aws-cdk-lib/aws-rds, got: undefined',
    );
  });
});

describe('the code of the functions', () => {
  test('as a file is refused by a stack that takes none, with the way to do without', () => {
    const stack = new Stack(new App(), 'Test', { synthesizer: new BootstraplessSynthesizer() });
    expect(() => new CloudWatchLogsUser(stack, 'Reader')).toThrow(
      "Test can't be set up:\n" +
        '  - the code of the functions is a file, which the synthesizer of the stack does not take (Cannot add assets to a Stack that uses the BootstraplessSynthesizer). Give `functions: { code: HandlerCode.inline() }` to all constructs of this library in the stack',
    );
    const other = new Stack(new App(), 'Other', { synthesizer: new BootstraplessSynthesizer() });
    new CloudWatchLogsUser(other, 'Reader', { functions: { code: HandlerCode.inline() } });
    Template.fromStack(other).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('can not differ between constructs that share the functions', () => {
    const stack = newStack();
    new CloudWatchLogsUser(stack, 'Reader');
    expect(
      () => new CloudWatchLogsUser(stack, 'Other', { functions: { code: HandlerCode.inline() } }),
    ).toThrow(
      '`functions.code` must be HandlerCode.asset() or left out, got: HandlerCode.inline(). The functions of the stack Test are shared, and an earlier construct has made some. Give the same `functions.code` to all constructs of the stack',
    );
  });

  test('can be given by every construct, as long as all mean the same', () => {
    const stack = newStack();
    const logEncryptionKeys = ['One', 'Two'].map((id) =>
      kms.Key.fromKeyArn(stack, id, 'arn:aws:kms:eu-west-1:111111111111:key/1'),
    );
    const boundary = iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::aws:policy/B');
    logEncryptionKeys.forEach((logEncryptionKey, i) => {
      const functions = { logEncryptionKey, logRetention: 7, permissionsBoundary: boundary };
      new CloudWatchLogsUser(stack, `User${i}`, { functions });
    });
    expect(
      () =>
        new CloudWatchLogsUser(stack, 'Other', { functions: { logRetention: 30, sqlRunnerMemorySize: 1 } }),
    ).toThrow(
      "Test/Other can't be set up:\n" +
        '  - `functions.logRetention` must be 7 or left out, got: 30. The functions of the stack Test are shared, and an earlier construct has made some. Give the same `functions.logRetention` to all constructs of the stack\n' +
        '  - `functions.sqlRunnerMemorySize` must be 512 or left out, got: 1. The functions of the stack Test are shared, and an earlier construct has made some. Give the same `functions.sqlRunnerMemorySize` to all constructs of the stack',
    );
  });

  test('follows the first construct where the others leave it out', () => {
    const stack = newStack();
    new CloudWatchLogsUser(stack, 'Reader', { functions: { code: HandlerCode.inline() } });
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    new DatabaseAccess(stack, 'Access', { server, databases });
    for (const { Properties } of Object.values(
      Template.fromStack(stack).findResources('AWS::Lambda::Function'),
    ))
      expect(Properties).toMatchObject({ Code: { ZipFile: expect.any(String) as string } });
  });
});
