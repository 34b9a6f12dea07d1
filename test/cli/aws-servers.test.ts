import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allClusters, allInstances } from '../../lib/cli/aws/servers';

const xml = (action: string, body: string) =>
  `<${action}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${action}Result>${body}</${action}Result></${action}Response>`;

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

let server: Server;
let refuses = false;
const environment = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const parameters = new URLSearchParams(body);
      const action = parameters.get('Action') ?? '';
      response.setHeader('content-type', 'text/xml');
      if (refuses) {
        response.statusCode = 403;
        response.end(
          '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>You may not.</Message></Error></ErrorResponse>',
        );
      } else response.end(xml(action, ANSWERS[action][parameters.get('Marker') === '2' ? 1 : 0]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
  });
});

afterAll(() => {
  process.env = environment;
  server.close();
});

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
