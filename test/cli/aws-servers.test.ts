import { allClusters, allInstances } from '../../lib/cli/aws/servers';
import { QueryServer } from './support/query-server';

/** RDS with two pages for each list, as the API reference shows them. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  DescribeDBClusters: [
    '<DBClusters><DBCluster><DBClusterIdentifier>a</DBClusterIdentifier></DBCluster></DBClusters><Marker>2</Marker>',
    '<DBClusters><DBCluster><DBClusterIdentifier>b</DBClusterIdentifier></DBCluster></DBClusters>',
  ],
  DescribeDBInstances: [
    '<DBInstances><DBInstance><DBInstanceIdentifier>c</DBInstanceIdentifier></DBInstance></DBInstances><Marker>2</Marker>',
    '<DBInstances><DBInstance><DBInstanceIdentifier>d</DBInstanceIdentifier></DBInstance></DBInstances>',
  ],
};

let refuses = false;
const server = new QueryServer((action, parameters) =>
  refuses
    ? { status: 403, code: 'AccessDenied', message: 'You may not.' }
    : ANSWERS[action][parameters.get('Marker') === '2' ? 1 : 0],
);

beforeAll(async () => server.start());
afterAll(async () => server.stop());

test('reads all pages of clusters and of instances', async () => {
  expect((await allClusters()).map((one) => one.DBClusterIdentifier)).toEqual(['a', 'b']);
  expect((await allInstances()).map((one) => one.DBInstanceIdentifier)).toEqual(['c', 'd']);
});

test('names the action that is not allowed', async () => {
  refuses = true;
  await expect(allClusters()).rejects.toThrow(
    'rds:DescribeDBClusters on all clusters failed with AccessDenied: You may not.',
  );
});
