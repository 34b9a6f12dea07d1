import { CREATE, LIST, CONNECTION, Setting } from './setting';

let setting: Setting;
beforeEach(async () => (setting = await Setting.start()));
afterEach(async () => {
  expect(setting.datafold.violations).toEqual([]);
  await setting.stop();
});

const warnings = () =>
  setting.environment.log.filter(({ level }) => level === 'WARN').map(({ message }) => message);

test('creates the data source from the secret, runs its test, and returns its id', async () => {
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

test('accepts an API key in a JSON object, as the AWS console writes it', async () => {
  const { environment, resource, datafold } = setting;
  const { apiKeySecretArn } = setting.properties();
  environment.secrets.add(apiKeySecretArn, JSON.stringify({ apiKey: datafold.apiKey }));
  expect((await resource.create(setting.properties())).Status).toBe('SUCCESS');
});

test('uses an existing data source of that name with the same settings', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body(), temp_schema: 'app.datafold_tmp' });
  const answer = await resource.create(setting.properties());
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '12', Existed: 'true' } });
  expect(datafold.posted).toEqual([]);
});

test('creates no second data source of a name that a group without access to the key uses', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body(), accessible: false });
  const answer = await resource.create(setting.properties());
  expect(answer.Reason).toBe(
    'Datafold has a data source "shop/app" (id 12) in a group to which the owner of the API key does not belong. A second data source of that name is not created. Use the API key of an administrator, have an administrator add the owner of the key to the group, or set another `dataSourceName`, then deploy again.',
  );
  expect(datafold.posted).toEqual([]);
});

test('an existing data source for another server fails the deployment, and none is created', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body({ host: 'old.example', port: 5433 }) });
  const answer = await resource.create(setting.properties());
  expect(answer.Reason).toBe(
    `Datafold has a data source "shop/app" (id 12) at ${datafold.url} with other settings: it differs in Host, Port. ` +
      "Datafold's API can neither update nor delete it. Delete it in Datafold or set another `dataSourceName`, then deploy again.",
  );
  expect(datafold.posted).toEqual([]);
});

test('with FailurePolicy.WARN, the notice says field by field what to change by hand', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body({ host: 'old.example' }) });
  const answer = await resource.create(setting.properties({ onProblem: 'warn' }));
  const notice =
    `Datafold's API can't update a data source. Change data source "shop/app" (id 12) at ${datafold.url} by hand: ` +
    'Host from "old.example" to "shop.cluster-abc.us-east-1.rds.amazonaws.com"; ' +
    `Password to \`options.password\` of the secret ${CONNECTION}; AWS Secret to \`options.aws_secret_access_key\` of the secret ${CONNECTION}. ` +
    'Then run its test there.';
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '12', Notice: notice } });
  expect(warnings()).toEqual([notice]);
});

test('fails for two data sources of that name', async () => {
  const { datafold, resource } = setting;
  datafold.sources.push({ id: 12, ...setting.body() }, { id: 13, ...setting.body() });
  expect((await resource.create(setting.properties())).Reason).toBe(
    'Datafold has 2 data sources named "shop/app" (ids 12, 13), so the right one is not known. In Datafold, rename or delete all but one, then deploy again.',
  );
});

test('after a change the notice says what to change by hand, and no second data source is created', async () => {
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
    `Datafold's API can't update a data source. Change data source "shop/app" (id 41) at ${datafold.url} by hand: ` +
    `Name from "shop/app" to "shop/new"; User from "datafold" to "reader"; Password to \`options.password\` of the secret ${CONNECTION}. ` +
    'Then run its test there.';
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '41', Notice: notice } });
  expect(answer.PhysicalResourceId).toMatch(/\/41$/);
  expect(warnings()).toEqual([notice]);
  expect(datafold.sources).toHaveLength(1);
});

test('an update without changes for Datafold runs the test again', async () => {
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

test('creates a data source again that was deleted by hand', async () => {
  const { datafold, resource } = setting;
  await resource.create(setting.properties());
  datafold.sources[0] = { ...datafold.sources[0]!, id: 3, name: 'other' };
  const answer = await resource.update(setting.properties({ onProblem: 'warn' }));
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '42', Existed: 'false' } });
});

test('a removal sends no request to Datafold and logs what to delete by hand', async () => {
  const { datafold, resource } = setting;
  await resource.create(setting.properties());
  const before = datafold.asked.length;
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(datafold.asked).toHaveLength(before);
  expect(warnings()).toEqual([
    `Datafold's API can't delete a data source. Delete data source "shop/app" (id 41) at ${datafold.url} by hand, or Datafold will continue to log in.`,
  ]);
});

test('the next invocation continues to wait for a long test', async () => {
  const { datafold, resource, environment } = setting;
  datafold.test.polls = 20;
  const answer = await resource.create(setting.properties());
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { DataSourceId: '41', Existed: 'false' } });
  expect(environment.functions.sent).toHaveLength(1);
  expect(datafold.posted).toHaveLength(1);
  expect(datafold.asked.filter((one) => one === 'POST /api/v1/data_sources/41/test')).toHaveLength(1);
});

test('an update continues the test that another invocation started', async () => {
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

test('sends no request to Datafold that may exceed the time of the invocation', async () => {
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
  const untilSoftDeadline = environment.timeout - 2 * 20_000;
  expect(handedOver).toBeGreaterThan(0);
  expect(untilSoftDeadline - handedOver).toBeGreaterThan(3 * 60_000);
});
