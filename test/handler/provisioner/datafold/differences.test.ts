import { differences } from '../../../../lib/handler/provisioner/datafold/differences';

type Source = Parameters<typeof differences>[0];

const OPTIONS = {
  host: 'shop.cluster-abc.us-east-1.rds.amazonaws.com',
  port: 5432,
  user: 'datafold',
  dbname: 'app',
  sslmode: 'verify-full',
  aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE',
  aws_region: 'us-east-1',
  aws_cloudwatch_log_group: '/aws/rds/cluster/shop/postgresql',
};
const DESIRED: Source = {
  id: 1,
  name: 'shop/app',
  type: 'postgres_aurora',
  temp_schema: 'datafold_tmp',
  options: OPTIONS,
};
const found = (more: object, options: object = {}): Source => ({
  ...DESIRED,
  ...more,
  options: { ...OPTIONS, ...options },
});

test('a data source that is as desired has no differences', () => {
  expect(differences(DESIRED, DESIRED)).toEqual([]);
});

test('a number that Datafold returns as text is the same', () => {
  expect(differences(found({}, { port: '5432' }), DESIRED)).toEqual([]);
});

test('the schema for temporary tables is the same with its database', () => {
  expect(differences(found({ temp_schema: 'app.datafold_tmp' }), DESIRED)).toEqual([]);
});

test('each field that differs is named by its title in the form of Datafold', () => {
  const current = found(
    { name: 'shop', type: 'pg', temp_schema: 'other.datafold_tmp' },
    {
      host: 'old',
      port: 5433,
      user: 'u',
      dbname: 'd',
      sslmode: 'require',
      aws_access_key_id: 'AKIAOLD',
      aws_region: 'eu-west-1',
      aws_cloudwatch_log_group: '/log',
    },
  );
  expect(differences(current, DESIRED)).toEqual([
    { field: 'Name', from: 'shop', to: 'shop/app' },
    { field: 'Type', from: 'pg', to: 'postgres_aurora' },
    { field: 'Schema for temporary tables', from: 'other.datafold_tmp', to: 'datafold_tmp' },
    { field: 'Host', from: 'old', to: OPTIONS.host },
    { field: 'Port', from: '5433', to: '5432' },
    { field: 'User', from: 'u', to: 'datafold' },
    { field: 'Database Name', from: 'd', to: 'app' },
    { field: 'SSL Mode', from: 'require', to: 'verify-full' },
    { field: 'AWS Access Key', from: 'AKIAOLD', to: OPTIONS.aws_access_key_id },
    { field: 'AWS Region', from: 'eu-west-1', to: 'us-east-1' },
    { field: 'Cloudwatch Postgres Log Group', from: '/log', to: OPTIONS.aws_cloudwatch_log_group },
  ]);
});

test('a field that Datafold does not return is not compared', () => {
  const { dbname, user } = OPTIONS;
  expect(differences({ ...DESIRED, options: { dbname, user } }, DESIRED)).toEqual([]);
  expect(differences({ ...DESIRED, options: undefined }, DESIRED)).toEqual([]);
});

test.each([undefined, null, ''])('a value that is %p is shown as empty', (region) => {
  expect(differences(found({}, { aws_region: region }), DESIRED)).toEqual([
    { field: 'AWS Region', from: '(empty)', to: 'us-east-1' },
  ]);
  const desired = { ...DESIRED, options: { ...OPTIONS, aws_region: undefined } };
  expect(differences(found({}, { aws_region: region }), desired)).toEqual([]);
});
