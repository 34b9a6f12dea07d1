import { allOk } from '../../../support/datafold/server';
import { Setting } from './setting';

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

test("Datafold's test that fails ends an update, but not its rollback, which tells it", async () => {
  const { datafold, resource, world } = setting;
  datafold.test = { polls: 0, status: 'done', steps: failing };
  const answer = await resource.update(setting.properties({ apiKeySecretArn: otherKey() }));
  expect(answer.Reason).toBe(
    `Datafold's test of data source "shop/app" (id 41) at ${datafold.url} failed at connection. ` +
      'connection failed: no route; temp_schema ok; schema_download ok; lineage_download ok. ' +
      'It was there before, perhaps with a password or AWS secret of an earlier deployment, which only a person can change. Delete it there by hand, then deploy again.',
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
  expect(world.log).toContainEqual(expect.objectContaining({ level: 'WARN', message: answer.Reason }));
});

test('a Datafold that is down does not stop a rollback', async () => {
  const { resource, world, datafold } = setting;
  const url = `${datafold.url}/api/v1/data_sources/41`;
  datafold.next('GET /api/v1/data_sources/41', ...Array<{ status: number }>(100).fill({ status: 503 }));
  world.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const before = setting.properties({ onProblem: 'warn' });
  const answer = await resource.updateTo(setting.properties(), before, resource.physicalId!);
  expect(answer).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: resource.physicalId,
    Data: {
      DataSourceId: '41',
      Existed: 'true',
      Steps: '',
      Notice: `Datafold has a problem of its own (GET ${url}, HTTP 503), which did not pass in time. Deploy again later; if it persists, ask Datafold's support.`,
    },
  });
});

test('a data source that is gone and can not be made again fails a rollback too', async () => {
  const { resource, world, datafold } = setting;
  datafold.sources.length = 0;
  datafold.next('POST /api/v1/data_sources', { status: 403 });
  world.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const before = setting.properties({ onProblem: 'warn' });
  const answer = await resource.updateTo(setting.properties(), before, resource.physicalId!);
  expect(answer.Reason).toMatch(/^Datafold does not let the owner of the API key do this/);
});

/** The same key in another secret: a change that Datafold does not see. */
function otherKey(): string {
  const other = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:other-key-AbCdEf';
  setting.world.secrets.add(other, setting.datafold.apiKey);
  return other;
}
