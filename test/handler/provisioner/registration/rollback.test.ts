import { allOk } from '../../../support/datafold/server';
import { API_KEY_SECRET, CONNECTION, Setting } from './setting';

let setting: Setting;
beforeEach(async () => {
  setting = await Setting.start();
  await setting.resource.create(setting.properties());
});
afterEach(async () => setting.stop());

const failing = [
  { step: 'connection', status: 'failed', result: 'no route' },
  ...allOk.slice(1),
] as typeof allOk;

test('a failed test fails an update, but not its rollback, which reports it', async () => {
  const { datafold, resource, environment } = setting;
  datafold.test = { polls: 0, status: 'done', steps: failing };
  const answer = await resource.update(setting.properties({ apiKeySecretArn: otherKey() }));
  expect(answer.Reason).toBe(
    `Datafold's test of data source "shop/app" (id 41) at ${datafold.url} failed at connection. ` +
      'connection failed: no route; temp_schema ok; schema_download ok; lineage_download ok. ' +
      'The data source existed before this deployment, perhaps with an earlier password or AWS secret, which only a person can change. Delete it in Datafold, then deploy again.',
  );
  expect(resource.answers.at(-1)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
    Data: {
      DataSourceId: '41',
      Existed: 'true',
      Steps: 'connection failed: no route; temp_schema ok; schema_download ok; lineage_download ok',
      Notice: answer.Reason,
    },
  });
  expect(environment.log).toContainEqual(expect.objectContaining({ level: 'WARN', message: answer.Reason }));
});

test('an unreachable Datafold does not fail a rollback', async () => {
  const { resource, environment, datafold } = setting;
  const url = `${datafold.url}/api/v1/data_sources/41`;
  datafold.next('GET /api/v1/data_sources/41', ...Array<{ status: number }>(100).fill({ status: 503 }));
  environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const before = setting.properties({ onProblem: 'warn' });
  const answer = await resource.updateTo(setting.properties(), before, resource.physicalId!);
  expect(answer).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
    Data: {
      DataSourceId: '41',
      Existed: 'true',
      Steps: '',
      Notice: `Datafold reports an internal error (GET ${url}, HTTP 503), which did not pass in time. Deploy again later; if it persists, ask Datafold's support.`,
    },
  });
});

test('a deleted data source that can not be created again does not fail a rollback, which reports it', async () => {
  const { resource, environment, datafold } = setting;
  datafold.sources.length = 0;
  datafold.next('POST /api/v1/data_sources', { status: 403 });
  environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const before = setting.properties({ onProblem: 'warn' });
  const answer = await resource.updateTo(setting.properties(), before, resource.physicalId!);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: resource.physicalId });
  expect(answer.Data!.Notice).toMatch(
    /^The rollback could not restore this resource: Datafold does not allow the owner of the API key to do this/,
  );
});

test.each([
  ['the API key', API_KEY_SECRET, () => setting.datafold.apiKey],
  ['the data source', CONNECTION, () => JSON.stringify(setting.body())],
])(
  'the secret with %s, scheduled for deletion or deleted, ends an update, but not its rollback',
  async (_what, secret, text) => {
    const { resource, environment, datafold } = setting;
    const { secrets } = environment;
    const lose = [() => secrets.scheduleDeletion(secret), () => secrets.drop(secret)];
    for (const [i, loss] of lose.entries()) {
      loss();
      const answer = await resource.update(setting.properties({}, { tempSchema: `scratch${i}` }));
      expect(answer.Reason).toMatch(/aws secretsmanager restore-secret/);
      expect(resource.answers.at(-1)).toMatchObject({
        Status: 'SUCCESS',
        PhysicalResourceId: resource.physicalId,
        Data: { DataSourceId: '41', Existed: 'true', Notice: expect.stringMatching(/restore-secret/) },
      });
      secrets.restore(secret);
      secrets.add(secret, text());
    }
    expect((await resource.update(setting.properties({ onProblem: 'warn' }))).Status).toBe('SUCCESS');
    expect(datafold.sources).toHaveLength(1);
    expect((await resource.remove()).Status).toBe('SUCCESS');
  },
);

test('a rollback to an unreachable Datafold returns an unknown id and creates nothing', async () => {
  const { resource, environment, datafold } = setting;
  environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
  environment.secrets.drop(API_KEY_SECRET);
  const id = 'datafold-registration/elsewhere.example/7';
  const before = setting.properties({ host: 'https://elsewhere.example' });
  expect(await resource.updateTo(setting.properties(), before, id)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: id,
    Data: { DataSourceId: 'unknown', Existed: 'true', Steps: '' },
  });
  expect(datafold.sources).toHaveLength(1);
});

/** The same key in another secret: a change that Datafold does not see. */
function otherKey(): string {
  const other = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:other-key-AbCdEf';
  setting.environment.secrets.add(other, setting.datafold.apiKey);
  return other;
}
