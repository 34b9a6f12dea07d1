import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initCommand, type InitPorts } from '../../lib/cli/init';
import { withNetwork, withSecretKey } from '../../lib/cli/init/complete';
import { discover } from '../../lib/cli/init/discover';
import { CLUSTERS, INSTANCES, ORDERS_KEY, portsFor } from './support/rds-servers';
import { run as runTool } from './support/run';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'datafold-init-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = async (args: readonly string[], ports: InitPorts = portsFor()) =>
  runTool(['init', ...args], [initCommand(async () => ports)]);
const write = async (...args: string[]) => run([...args, '--out', folder]);
const written = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

/** What init writes: for the Aurora cluster orders, for the RDS instance billing, which has neither secret nor database, and for both. */
const expected = (...names: string[]) =>
  Object.fromEntries(
    names.map((name) => [name, readFileSync(join(__dirname, 'init-files', `${name}.txt`), 'utf8')]),
  );

const TABLE = `SERVER            ENGINE                  PARAMETER GROUP      LOG EXPORT  NETWORK      ADMIN SECRET    SUPPORTED
instance archive  PostgreSQL 9.6.24       default.postgres9.6  off         private      not found       no
instance billing  PostgreSQL 17.2         default.postgres17   off         public       not found       yes (stopped)
cluster ledger    PostgreSQL 15.7         default.postgres15   off         no instance  not found       no
cluster orders    Aurora PostgreSQL 16.4  orders-pg16          on          private      managed by RDS  yes

The instance archive runs PostgreSQL 9.6.24. Versions from 10 on are supported: upgrade it.
The cluster ledger is a Multi-AZ DB cluster of RDS for PostgreSQL, which is not supported. Use an Aurora PostgreSQL cluster or an instance of RDS for PostgreSQL (a Multi-AZ instance will do); or give its writer endpoint to PostgresServer.endpoint, which sets up the role but no lineage.
`;

test('lists the PostgreSQL servers and says why some are not supported', async () => {
  expect(await run([])).toEqual({
    status: 0,
    error: '',
    out: `${TABLE}
Write what sets one of them up: npx cdk-datafold-postgres init --server ID --typescript (or --python, --parameters),
or all: npx cdk-datafold-postgres init --fleet.
`,
  });
});

test('fits the list to the width of the terminal', async () => {
  const { out } = await runTool(['init'], [initCommand(async () => portsFor())], { columns: 100 });
  expect(out)
    .toBe(`SERVER         ENGINE         PARAMETER       LOG EXPORT  NETWORK      ADMIN SECRET    SUPPORTED
                              GROUP
instance       PostgreSQL     default.        off         private      not found       no
archive        9.6.24         postgres9.6
instance       PostgreSQL     default.        off         public       not found       yes (stopped)
billing        17.2           postgres17
cluster        PostgreSQL     default.        off         no instance  not found       no
ledger         15.7           postgres15
cluster        Aurora         orders-pg16     on          private      managed by RDS  yes
orders         PostgreSQL
               16.4

The instance archive runs PostgreSQL 9.6.24. Versions from 10 on are supported: upgrade it.
The cluster ledger is a Multi-AZ DB cluster of RDS for PostgreSQL, which is not supported. Use an
Aurora PostgreSQL cluster or an instance of RDS for PostgreSQL (a Multi-AZ instance will do); or
give its writer endpoint to PostgresServer.endpoint, which sets up the role but no lineage.

Write what sets one of them up: npx cdk-datafold-postgres init --server ID --typescript (or --python, --parameters),
or all: npx cdk-datafold-postgres init --fleet.
`);
});

test('--json prints what was found, for other programs', async () => {
  const { out } = await run(['--json']);
  expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(discover(CLUSTERS, INSTANCES))));
});

test('says where there is no server', async () => {
  expect(await run([], portsFor([], []))).toEqual({
    status: 1,
    error: '',
    out: 'There is no PostgreSQL server in eu-west-1. --region and --profile choose another region or account.\n',
  });
});

test('writes nothing if several servers could be meant: lists them and says which option to give', async () => {
  expect(await write('--typescript')).toEqual({
    status: 2,
    out: TABLE,
    error:
      '--typescript is for one server: name it by --server ID. --fleet is for several.\ncdk-datafold-postgres init --help shows the options.\n',
  });
  expect(written()).toEqual({});
});

test.each([
  [
    ['--server', 'ledger', '--fleet'],
    1,
    /^The cluster ledger is a Multi-AZ DB cluster of RDS for PostgreSQL, which is not supported\./,
  ],
  [
    ['--server', 'web', '--python'],
    1,
    /^There is no PostgreSQL server web in this account and region\. npx cdk-datafold-postgres init lists those that there are\.\n$/,
  ],
  [
    ['--server', 'orders', '--server', 'ORDERS', '--fleet'],
    2,
    /^--server names the cluster orders twice\.\n/,
  ],
  [['--json', '--fleet'], 2, /^Option '--json' cannot be used with option '--fleet'\.\n/],
  [['--database', 'a\nb'], 2, /^--database must not hold control characters/],
])('%j ends with %d and writes nothing', async (args, status, error) => {
  expect(await write(...args)).toMatchObject({ status, error: expect.stringMatching(error) as string });
  expect(written()).toEqual({});
});

test('asks which one is meant if a cluster and an instance have the same identifier', async () => {
  const both = portsFor([{ ...CLUSTERS[0], DBClusterIdentifier: 'billing' }], INSTANCES);
  expect((await run(['--server', 'billing', '--fleet'], both)).error).toMatch(
    /^There are a cluster and an instance billing: name one by --server cluster:billing or --server instance:billing\.\n/,
  );
  expect((await run(['--server', 'instance:billing'], both)).out).toMatch(
    /^SERVER.*\ninstance billing .*\n\n/,
  );
});

test('writes the files for a cluster whose secret RDS manages, and says how to deploy them', async () => {
  const { status, out } = await write('--server', 'orders', '--typescript', '--python', '--parameters');
  expect(written()).toEqual(
    expected('datafold-orders.ts', 'datafold_orders.py', 'datafold-orders.parameters.json'),
  );
  expect(status).toBe(0);
  expect(out.replaceAll(folder, 'FOLDER')).toBe(`FOLDER/datafold-orders.ts is written.
Fill in what is marked with TODO:
  line 52: // TODO: how Datafold reaches the server, which is private: networkAccess, as https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/network.md describes it.
Then deploy:
  npm install --save-dev aws-cdk tsx
  npm install aws-cdk-lib constructs cdk-datafold-postgres
  npx cdk deploy --app "npx tsx FOLDER/datafold-orders.ts"

FOLDER/datafold_orders.py is written.
Fill in what is marked with TODO:
  line 68: # TODO: how Datafold reaches the server, which is private: network_access, as https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/network.md describes it.
Then deploy:
  pip install cdk-datafold-postgres
  npx cdk deploy --app "python3 FOLDER/datafold_orders.py"

FOLDER/datafold-orders.parameters.json is written.
Then deploy:
  npx cdk-datafold-postgres template --server aurora > datafold.template.json
  aws cloudformation deploy --stack-name datafold-cluster-orders --template-file datafold.template.json \\
    --s3-bucket YOUR-BUCKET --capabilities CAPABILITY_IAM --parameter-overrides file://FOLDER/datafold-orders.parameters.json
This needs version 2 of the AWS CLI: version 1 takes no such file here.

Before you deploy, see what a deployment would do, in the same region:
  npx cdk-datafold-postgres plan --cluster orders
`);
});

test('writes the files for an instance without a secret and a database, which are marked', async () => {
  await write('--server', 'billing', '--typescript', '--python', '--parameters');
  expect(written()).toEqual(
    expected('datafold-billing.ts', 'datafold_billing.py', 'datafold-billing.parameters.json'),
  );
});

test('writes a fleet file with all servers that are supported', async () => {
  const { status, out } = await write('--fleet');
  expect(status).toBe(0);
  expect(written()).toEqual(expected('datafold-fleet.json'));
  expect(out.slice(out.indexOf('Before you deploy')))
    .toBe(`Before you deploy, see what a deployment would do, in the same region:
  npx cdk-datafold-postgres plan --instance billing
  npx cdk-datafold-postgres plan --cluster orders
`);
});

test('the databases that are named take the place of the one that was made with the server', async () => {
  await write('--server', 'orders', '--parameters', '--database', 'app', '--database', `d'w"h`);
  const [parameters] = Object.values(written());
  expect(JSON.parse(parameters)).toContainEqual({
    ParameterKey: 'DatabaseNames',
    ParameterValue: `app,d'w"h`,
  });
});

test('an existing file is overwritten with --force only', async () => {
  const file = join(folder, 'datafold-orders.parameters.json');
  writeFileSync(file, 'mine');
  const both = ['--server', 'orders', '--typescript', '--parameters'];
  expect(await write(...both)).toEqual({
    status: 1,
    out: '',
    error: `${file} already exists, so nothing was written. Rename it to keep it; --force overwrites it.\n`,
  });
  expect(written()).toEqual({ 'datafold-orders.parameters.json': 'mine' });
  expect(await write(...both, '--force')).toMatchObject({ status: 0 });
  expect(written()).toMatchObject(expected('datafold-orders.parameters.json'));
});

test('asks for the subnet group of a cluster whose instances do not show it', async () => {
  const [orders] = discover([{ ...CLUSTERS[0], DBSubnetGroup: 'private' }], INSTANCES.slice(2)).filter(
    ({ identifier }) => identifier === 'orders',
  );
  expect(orders.subnets).toEqual([]);
  const asked: string[] = [];
  const complete = await withNetwork(orders, async (name) => {
    asked.push(name);
    return INSTANCES[0].DBSubnetGroup;
  });
  expect(asked).toEqual(['private']);
  expect(complete.vpcId).toBe('vpc-0123456789abcdef0');
  expect(complete.subnets).toEqual([
    { id: 'subnet-0123456789abcdef0', zone: 'eu-west-1a' },
    { id: 'subnet-0123456789abcdef1', zone: 'eu-west-1b' },
    { id: 'subnet-0123456789abcdef2', zone: 'eu-west-1b' },
  ]);
});

describe('the key of the secret', () => {
  const [orders] = discover(CLUSTERS, INSTANCES).filter(({ identifier }) => identifier === 'orders');
  const keyIf = async (answer: () => Promise<string | undefined>) =>
    (await withSecretKey(orders, answer)).adminSecret?.keyArn;

  test.each([
    ['is left out if AWS manages it', undefined, undefined],
    ['is left out if it is the one of Secrets Manager', 'alias/aws/secretsmanager', undefined],
    [
      'is the one of the secret',
      'arn:aws:kms:eu-west-1:111122223333:key/abc',
      'arn:aws:kms:eu-west-1:111122223333:key/abc',
    ],
    ['is completed to an ARN', 'mrk-abc', 'arn:aws:kms:eu-west-1:111122223333:key/mrk-abc'],
    ['is the one that RDS names if the secret has an alias', 'alias/mine', ORDERS_KEY],
  ])('%s', async (_, key, expected) => {
    expect(await keyIf(async () => key)).toBe(expected);
  });

  test('is the one that RDS names if Secrets Manager must not be asked, and expired credentials end the run', async () => {
    const fail = (name: string) => async () => {
      throw Object.assign(new Error(name), { name });
    };
    expect(await keyIf(fail('AccessDeniedException'))).toBe(ORDERS_KEY);
    await expect(keyIf(fail('ExpiredTokenException'))).rejects.toThrow('ExpiredTokenException');
  });
});
