import { allOk, type Step } from '../../../support/datafold/server';
import { Setting } from './setting';

let setting: Setting;
beforeEach(async () => (setting = await Setting.start()));
afterEach(async () => {
  expect(setting.datafold.violations).toEqual([]);
  await setting.stop();
});

const failing: Step[] = [
  { step: 'connection', status: 'done', result: { code: 'OK', message: 'Connected', outcome: 'success' } },
  {
    step: 'temp_schema',
    status: 'done',
    result: {
      code: 'ERROR',
      message: 'Unable to create table "app"."datafold_tmp"."test_connection"',
      outcome: 'failed',
    },
  },
  { step: 'schema_download', status: 'failed', result: 'no permission' },
  { step: 'lineage_download', status: 'done', result: { code: 'SKIP', message: 'Not run' } },
];
const inWords =
  'connection ok: Connected; temp_schema failed: Unable to create table "app"."datafold_tmp"."test_connection"; schema_download failed: no permission; lineage_download skipped: Not run';

test('a failed test fails the deployment with the messages of all four steps', async () => {
  setting.datafold.test = { polls: 2, status: 'done', steps: failing };
  const { Reason } = await setting.resource.create(setting.properties());
  expect(Reason).toBe(
    `Datafold's test of data source "shop/app" (id 41) at ${setting.datafold.url} failed at temp_schema, schema_download. ${inWords}. ` +
      "Remove the cause. Datafold's API can't delete the data source: delete it in Datafold, then deploy again.",
  );
  expect(Buffer.byteLength(Reason!)).toBeLessThan(1_000);
});

test('with FailurePolicy.WARN, a failed test is only a notice', async () => {
  setting.datafold.test = { polls: 0, status: 'failed', steps: failing };
  const answer = await setting.resource.create(setting.properties({ onProblem: 'warn' }));
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '41', Steps: inWords } });
  expect(answer.Data?.Notice).toMatch(/failed at temp_schema, schema_download/);
});

describe('a secret that Datafold quotes does not appear in attributes', () => {
  const quoting = (text: string): Step[] => [
    { step: 'connection', status: 'failed', result: text },
    ...allOk.slice(1),
  ];
  const attributes = async () =>
    (await setting.resource.create(setting.properties({ onProblem: 'warn' }))).Data!;
  const rest = 'temp_schema ok; schema_download ok; lineage_download ok';

  test('in a short message', async () => {
    setting.datafold.test = { polls: 0, status: 'done', steps: quoting(`wrong: ${password()}`) };
    const { Steps, Notice } = await attributes();
    expect(Steps).toBe(`connection failed: wrong: ***; ${rest}`);
    expect(Notice).toBe(
      `Datafold's test of data source "shop/app" (id 41) at ${setting.datafold.url} failed at connection. connection failed: wrong: ***; ${rest}. ` +
        "Remove the cause. Datafold's API can't delete the data source: delete it in Datafold, then deploy again.",
    );
  });

  test('in a message that is shortened', async () => {
    const text = `${'x'.repeat(96)}${password()}`;
    setting.datafold.test = { polls: 0, status: 'done', steps: quoting(text) };
    expect((await attributes()).Steps).toBe(`connection failed: ${'x'.repeat(96)}***; ${rest}`);
  });

  test('in a test that another invocation started', async () => {
    setting.datafold.test = { polls: 20, status: 'done', steps: quoting(`wrong: ${password()}`) };
    expect((await attributes()).Steps).toBe(`connection failed: wrong: ***; ${rest}`);
    expect(setting.environment.functions.sent).toHaveLength(1);
  });
});

test('the failure says that an existing data source may have an old password', async () => {
  setting.datafold.sources.push({ id: 12, ...setting.body() });
  const refused = { code: 'ERROR', message: `password authentication failed for ${password()}` };
  const steps = [{ step: 'connection', status: 'done', result: refused }, ...allOk.slice(1)];
  setting.datafold.test = { polls: 0, status: 'done', steps };
  expect((await setting.resource.create(setting.properties())).Reason).toBe(
    `Datafold's test of data source "shop/app" (id 12) at ${setting.datafold.url} failed at connection. ` +
      'connection failed: password authentication failed for ***; temp_schema ok; schema_download ok; lineage_download ok. ' +
      'The data source existed before this deployment, perhaps with an earlier password or AWS secret, which only a person can change. Delete it in Datafold, then deploy again.',
  );
});

test('a cancelled test fails', async () => {
  setting.datafold.test = { polls: 0, status: 'cancelled', steps: [] };
  expect((await setting.resource.create(setting.properties())).Reason).toBe(
    `Datafold's test of data source "shop/app" (id 41) at ${setting.datafold.url} ended as cancelled. no step was reported. ` +
      "Remove the cause. Datafold's API can't delete the data source: delete it in Datafold, then deploy again.",
  );
});

test('a test that does not end fails after 25 minutes', async () => {
  setting.datafold.test = { polls: Infinity, status: 'done', steps: allOk };
  const from = setting.environment.clock.now();
  expect((await setting.resource.create(setting.properties())).Reason).toBe(
    `Datafold's test of data source "shop/app" (id 41) at ${setting.datafold.url} did not end within 25 minutes; it is processing. connection open; temp_schema open; schema_download open; lineage_download open. Check the test in Datafold.`,
  );
  expect(setting.environment.clock.now() - from).toBeLessThan(28 * 60_000);
});

test('the failure says that the data source remains if its test can not start', async () => {
  setting.datafold.next('POST /api/v1/data_sources/41/test', { status: 403 });
  expect((await setting.resource.create(setting.properties())).Reason).toMatch(
    /HTTP 403.* The data source "shop\/app" \(id 41\) at http:\/\/localhost:\d+ was created and remains: delete it in Datafold before you deploy again\.$/,
  );
});

const password = () => (setting.body().options as { password: string }).password;
