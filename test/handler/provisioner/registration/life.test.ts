import { CREATE, LIST, CONNECTION, Setting } from './setting';

let setting: Setting;
beforeEach(async () => (setting = await Setting.start()));
afterEach(async () => {
  expect(setting.datafold.violations).toEqual([]);
  await setting.stop();
});

const warnings = () =>
  setting.environment.log.filter(({ level }) => level === 'WARN').map(({ message }) => message);

test('makes the data source from the secret, tests it as Datafold does, and answers with its id', async () => {
  const { datafold, resource, environment } = setting;
  datafold.test.polls = 4;
  const answer = await resource.create(setting.properties());
  expect(answer).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: `datafold-registration/${new URL(datafold.url).host}/41`,
    Data: {
      DataSourceId: '41',
      Existed: 'false',
      Notice: '',
      Steps: 'connection ok; temp_schema ok; schema_download ok; lineage_download ok',
    },
  });
  expect(datafold.posted).toEqual([environment.secrets.jsonOf(CONNECTION)]);
  expect(datafold.asked).toEqual([
    LIST,
    CREATE,
    'POST /api/v1/data_sources/41/test',
    ...Array<string>(5).fill('GET /api/v1/data_sources/test/700'),
  ]);
});

test('takes an API key that the console has put into a JSON object', async () => {
  const { environment, resource, datafold } = setting;
  const { apiKeySecretArn } = setting.properties();
  environment.secrets.add(apiKeySecretArn, JSON.stringify({ apiKey: datafold.apiKey }));
  expect((await resource.create(setting.properties())).Status).toBe('SUCCESS');
});

test('a data source of that name which says the same is used, not made again', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body(), temp_schema: 'app.datafold_tmp' });
  const answer = await resource.create(setting.properties());
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '12', Existed: 'true' } });
  expect(datafold.posted).toEqual([]);
});

test('a data source of that name in a group that the key has no access to is not made a second time', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body(), accessible: false });
  const answer = await resource.create(setting.properties());
  expect(answer.Reason).toBe(
    'Datafold has a data source "shop/app" (id 12) of a group that the owner of the API key is not in. A second one of that name is not made. Use the API key of an administrator, have an administrator add the owner of the key to the group, or give this one another `dataSourceName`, then deploy again.',
  );
  expect(datafold.posted).toEqual([]);
});

test('a data source of that name for another server fails the deployment, and none is made', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body({ host: 'old.example', port: 5433 }) });
  const answer = await resource.create(setting.properties());
  expect(answer.Reason).toBe(
    `Datafold has a data source "shop/app" (id 12) at ${datafold.url} already, and it is another one: it differs in Host, Port. ` +
      "Datafold's API can neither change nor delete it. Delete it there by hand or give this one another `dataSourceName`, then deploy again.",
  );
  expect(datafold.posted).toEqual([]);
});

test('as a warning, it says field by field what to change by hand', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body({ host: 'old.example' }) });
  const answer = await resource.create(setting.properties({ onProblem: 'warn' }));
  const notice =
    `Datafold's API can't change a data source. Change data source "shop/app" (id 12) at ${datafold.url} by hand: ` +
    'Host from "old.example" to "shop.cluster-abc.us-east-1.rds.amazonaws.com"; ' +
    `Password to \`options.password\` of the secret ${CONNECTION}; AWS Secret to \`options.aws_secret_access_key\` of the secret ${CONNECTION}. ` +
    'Then run its test there.';
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '12', Notice: notice } });
  expect(warnings()).toEqual([notice]);
});

test('two data sources of that name are not chosen from', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body() }, { id: 13, ...setting.body() });
  expect((await resource.create(setting.properties())).Reason).toBe(
    'Datafold has 2 data sources of the name "shop/app" (ids 12, 13), so it is not clear which one is meant. Rename or delete all but one there by hand, then deploy again.',
  );
});

test('after a change it says what to change by hand, and makes no second one', async () => {
  const { datafold, resource, environment } = setting;
  await resource.create(setting.properties());
  environment.secrets.add(
    CONNECTION,
    JSON.stringify({ ...setting.body({ user: 'reader' }), name: 'shop/new' }),
  );
  const answer = await resource.update(
    setting.properties({}, { user: 'reader', name: 'shop/new', passwordSecretArn: 'another' }),
  );
  const notice =
    `Datafold's API can't change a data source. Change data source "shop/app" (id 41) at ${datafold.url} by hand: ` +
    `Name from "shop/app" to "shop/new"; User from "datafold" to "reader"; Password to \`options.password\` of the secret ${CONNECTION}. ` +
    'Then run its test there.';
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '41', Notice: notice } });
  expect(answer.PhysicalResourceId).toMatch(/\/41$/);
  expect(warnings()).toEqual([notice]);
  expect(datafold.sources).toHaveLength(1);
});

test('an update that changes nothing in Datafold tests again', async () => {
  const { datafold, resource } = setting;
  await resource.create(setting.properties());
  const answer = await resource.update(setting.properties({ onProblem: 'warn' }));
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '41', Notice: '' } });
  expect(datafold.asked.slice(-3)).toEqual([
    'GET /api/v1/data_sources/41',
    'POST /api/v1/data_sources/41/test',
    'GET /api/v1/data_sources/test/701',
  ]);
});

test('one that somebody deleted by hand is made again', async () => {
  const { datafold, resource } = setting;
  await resource.create(setting.properties());
  datafold.sources[0] = { ...datafold.sources[0]!, id: 3, name: 'other' };
  const answer = await resource.update(setting.properties({ onProblem: 'warn' }));
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '42', Existed: 'false' } });
});

test('a removal asks nothing of Datafold and says what to delete by hand', async () => {
  const { datafold, resource } = setting;
  await resource.create(setting.properties());
  const before = datafold.asked.length;
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(datafold.asked).toHaveLength(before);
  expect(warnings()).toEqual([
    `Datafold's API can't delete a data source. Delete data source "shop/app" (id 41) at ${datafold.url} by hand, or Datafold goes on trying to log in.`,
  ]);
});

test('a test that takes longer than an invocation is waited for by the next one', async () => {
  const { datafold, resource, environment } = setting;
  datafold.test.polls = 20;
  const answer = await resource.create(setting.properties());
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '41', Existed: 'false' } });
  expect(environment.functions.sent).toHaveLength(1);
  expect(datafold.posted).toHaveLength(1);
  expect(datafold.asked.filter((one) => one === 'POST /api/v1/data_sources/41/test')).toHaveLength(1);
});

test('an update goes on with the test that another invocation began', async () => {
  const { datafold, resource, environment } = setting;
  await resource.create(setting.properties());
  datafold.test.polls = 20;
  datafold.asked.length = 0;
  const answer = await resource.update(setting.properties({ onProblem: 'warn' }));
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '41', Notice: '' } });
  expect(environment.functions.sent).toHaveLength(1);
  expect(datafold.asked.filter((one) => one.startsWith('POST'))).toEqual([
    'POST /api/v1/data_sources/41/test',
  ]);
});

test('no request to Datafold begins that may outlast the invocation', async () => {
  const { datafold, resource, environment } = setting;
  datafold.test.polls = 20;
  const start = environment.clock.now();
  const send = environment.functions.send.bind(environment.functions);
  let handedOver = 0;
  environment.functions.send = async (...event) => {
    handedOver = environment.clock.now() - start;
    return send(...event);
  };
  await resource.create(setting.properties());
  const toHandOver = environment.timeout - 2 * 20_000;
  expect(handedOver).toBeGreaterThan(0);
  expect(toHandOver - handedOver).toBeGreaterThan(3 * 60_000);
});
