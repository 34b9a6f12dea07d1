import { template } from '../../bin/template/template';
import { dataSourcesOf } from '../../lib/cli/doctor/data-sources';

test('the databases and schemas of a stack of the template are those of its parameters', () => {
  const made = template('cluster') as unknown as { Resources: Record<string, { Type: string }> };
  const ids = Object.entries(made.Resources)
    .filter(([, { Type }]) => /DatafoldDatabaseAccess$|SecretsManager::Secret$/.test(Type))
    .map(([logicalId, { Type: type }]) => ({ logicalId, physicalId: `id of ${logicalId}`, type }));
  const [value] = Object.entries(made.Resources).find(
    ([, { Type }]) => Type === 'Custom::DatafoldDataSource',
  )!;
  const resources = [
    ...ids,
    { logicalId: value, physicalId: 'datafold-data-source/x', type: 'Custom::DatafoldDataSource' },
  ];
  const parameters = { ClusterIdentifier: 'shop', DatabaseNames: 'app,sales', Schemas: 'public,marts' };
  const stack = { name: 'Shop', status: 'CREATE_COMPLETE', parameters, resources, template: made };
  const [{ access }] = dataSourcesOf(stack);
  expect(access!.databases).toEqual([
    { databaseName: 'app', schemas: ['public', 'marts'] },
    { databaseName: 'sales', schemas: ['public', 'marts'] },
  ]);
});
