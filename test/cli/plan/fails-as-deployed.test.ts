import { Expression, inSql } from '../../../lib/cli/inspection/part';
import { inspectionParts } from '../../../lib/cli/inspection/parts';
import { CREATE_ACTIONS } from '../../../lib/cli/plan/deployer-actions';

import { requestsTo } from '../../support/requests';
import { fail, withServer } from '../../support/with-server';
import { findingsOf, PlanEnvironment, readyEnvironment, runPlan, SECRET } from '../support/plan-environment';

const server = withServer({});
const ON_SHOP = ['--cluster', 'shop', '--secret', SECRET];

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('ALTER SCHEMA public OWNER TO master', 'app');
});

test.each([[['app', 'nope']], [['nope', 'app']], [['nope']]])(
  'of the databases %j the one that does not exist prevents the deployment',
  async (databases) => {
    const args = [...ON_SHOP, ...databases.flatMap((name) => ['--database', name])];
    const environment = readyEnvironment(server.postgres);
    const found = await findingsOf(environment, 'sql', ...args);
    expect(found.filter((one) => /^prevents: .*database "nope" does not exist/.test(one))).toHaveLength(1);
    expect((await runPlan(environment, ...args)).status).toBe(1);
  },
);

test('a temporary schema of somebody else prevents the deployment, as it does', async () => {
  await server.sql('CREATE SCHEMA datafold_tmp', 'app');
  const found = await findingsOf(readyEnvironment(server.postgres), 'role', ...ON_SHOP, '--database', 'app');
  expect(found[1]).toMatch(
    /^prevents: The schema "datafold_tmp" of "\w+" exists: without adoptExisting the deployment fails\. Next: Set adoptExisting, or choose another tempSchema\.$/,
  );
  await fail(requestsTo(server.postgres).apply());
  await server.sql('DROP ROLE IF EXISTS datafold');
});

test('a server without room for the tags of the record prevents the deployment', async () => {
  const environment = new PlanEnvironment();
  environment.addCluster('default.aurora-postgresql16');
  const { tags } = environment.fake.clusters.get('shop')!;
  tags.push(...Array.from({ length: 48 }, (_, i) => ({ Key: `tag${i}`, Value: 'x' })));
  const found = await findingsOf(environment, 'server', '--cluster', 'shop');
  expect(found[1]).toMatch(
    /^prevents: The cluster shop has 48 tags, and \d more are needed for the record of its original settings; AWS allows 50\. Nothing was changed\. Next: Remove \d of its tags\.$/,
  );
});

test('an action that a policy denies prevents the deployment; one that may be allowed on some resources is a warning', async () => {
  const environment = readyEnvironment(server.postgres);
  environment.denied = ['iam:PassRole'];
  environment.forbidden = ['iam:CreateUser'];
  const found = await findingsOf(environment, 'rights', '--cluster', 'shop');
  expect(found.slice(1)).toEqual([
    'prevents: A policy denies role cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1 iam:CreateUser (by the simulation of IAM, which does not know session policies and policies of resources). Next: Remove the denial, or deploy with other credentials.',
    'warning: role cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1 lacks iam:PassRole on all resources (by the simulation of IAM, which does not know session policies and policies of resources). Next: Allow these actions, if they are not allowed on the resources of the stack already or under a condition.',
  ]);
  expect(Object.values(CREATE_ACTIONS).flat()).not.toContain('lambda:PutFunctionEventInvokeConfig');
});

test('without the database "postgres", which only this tool needs, the plan asks for names and prevents nothing', async () => {
  await server.sql('ALTER DATABASE postgres RENAME TO other', 'app');
  try {
    const found = await findingsOf(readyEnvironment(server.postgres), 'sql', ...ON_SHOP);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /^warning: The databases were not inspected: .*database "postgres" does not exist/,
    );
    expect(found[0]).toMatch(
      / Next: Name the databases by --database, .* A deployment connects from another machine\.$/,
    );
  } finally {
    await server.sql('ALTER DATABASE other RENAME TO postgres', 'app');
  }
});

test('a login that is refused prevents the deployment without names of databases, too', async () => {
  await server.sql('CREATE ROLE locked PASSWORD $$x$$');
  const environment = readyEnvironment(server.postgres);
  environment.readSecret = async () => JSON.stringify({ username: 'locked', password: 'x' });
  expect((await findingsOf(environment, 'sql', ...ON_SHOP))[0]).toMatch(
    /^prevents: .*not permitted to log in/,
  );
});

test('a name may have what looks like a parameter', async () => {
  const client = await server.connection('app', server.postgres.admin);
  for (const roleName of ['data$1', `o'x\\y"$2`])
    for (const { sql } of inspectionParts({ roleName, tempSchema: 'tmp$1$3' })) await client.query(sql);
  const text = `SELECT '$1', E'it\\'s $1', "a""$1", $1, 'x''$1' || $2::text`;
  expect(inSql({ text, values: [new Expression('one'), "'$1'"] } as never)).toBe(
    `SELECT '$1', E'it\\'s $1', "a""$1", (one), 'x''$1' || ('''$1''')::text`,
  );
});
