import { compareWithDatafold } from '../../../lib/cli/doctor/report/compare';
import { DatafoldLineage } from '../../../lib/cli/doctor/report/datafold-lineage';
import type { LineageEdge } from '../../../lib/cli/lineage/graph';
import { systemClock, type Clock } from '../../../lib/handler/provisioner/runtime/deadline';
import { LineageServer } from '../support/lineage-server';

let server: LineageServer;
beforeEach(async () => (server = await new LineageServer('the-key').start()));
afterEach(async () => server.stop());

const edge = (source: string, target: string, more: Partial<LineageEdge> = {}): LineageEdge => ({
  database: 'app',
  source,
  target,
  kind: 'data',
  statements: 1,
  lastSeen: 0,
  roles: [],
  unqualified: [],
  ...more,
});
const EDGES = [
  edge('sales.orders', 'staging.orders'),
  edge('sales.refunds', 'staging.orders'),
  edge('staging.orders', 'revenue'),
  edge('s."a.b"', '"S"."c.d"'),
  edge('x.tmp', 'x.t', { kind: 'renamed' }),
  edge('other.a', 'other.b', { database: 'other' }),
];

/** Time-outs are real, pauses before another attempt take no time. */
const withoutPauses: Clock = {
  ...systemClock,
  sleep: async (milliseconds, signal) => (signal ? systemClock.sleep(milliseconds, signal) : undefined),
};

async function compare(apiKey = 'the-key', name = 'shop/app') {
  const account = { host: server.url, apiKey };
  return compareWithDatafold(
    account,
    [{ name, databaseName: 'app' }],
    EDGES,
    () => undefined,
    new DatafoldLineage(account, withoutPauses),
  );
}
const brief = (edges: readonly { source: string; target: string }[]) =>
  edges.map(({ source, target }) => `${source} > ${target}`);

test('says which edges of the log arrived in Datafold, which are missing, and which it alone has', async () => {
  server.upstreams = {
    'app.staging.orders': [
      ['app', 'sales', 'orders'],
      ['app', 'sales', 'stores'],
    ],
    'app.public.revenue': [['app', 'staging', 'orders']],
  };
  const { arrived, missing, stale, problem } = await compare();
  expect(problem).toBeUndefined();
  expect(brief(arrived)).toEqual(['sales.orders > staging.orders', 'staging.orders > public.revenue']);
  expect(brief(missing)).toEqual(['sales.refunds > staging.orders', 's."a.b" > "S"."c.d"']);
  expect(brief(stale)).toEqual(['sales.stores > staging.orders']);
  expect(server.asked.at(-1)).toBe(
    `/api/v1/explore/db/7/tables/${encodeURIComponent('app.S."c.d"')}/upstreams?max_depth=1`,
  );
});

test('says that the account has no such API, or knows none of the tables', async () => {
  expect((await compare()).problem).toBe(
    'it knows none of the 3 tables of app that were looked up, or this account has no API for lineage (both are HTTP 404). If Datafold shows lineage in its app, ask its support for the API "Explore".',
  );
});

test('repeats a request that Datafold limits or fails to answer', async () => {
  server.upstreams = { 'app.staging.orders': [] };
  server.statuses = [429, 503];
  expect((await compare()).problem).toBeUndefined();
});

test.each([
  [401, 'it refused the API key (HTTP 401). Put a valid key into the secret.'],
  [
    403,
    'it does not allow the owner of the API key to read lineage (HTTP 403). Use the key of an administrator.',
  ],
  [302, 'it answered HTTP 302. Check that the URL is your Datafold.'],
])('says what HTTP %s means, and compares nothing', async (status, problem) => {
  server.statuses = [status];
  expect(await compare()).toEqual({
    host: server.url,
    arrived: [],
    missing: [],
    stale: [],
    unasked: 0,
    problem,
  });
});

test('gives up after four attempts', async () => {
  server.statuses = [500, 500, 500, 500];
  expect((await compare()).problem).toBe('it answered HTTP 500 4 times. Run the doctor again later.');
});

test('says that Datafold has no such data source', async () => {
  expect((await compare('the-key', 'shop/other')).problem).toBe(
    'it has no data source shop/other that the owner of the API key may see. Register it, or use the key of an administrator.',
  );
});

test('says that the URL is not Datafold if the answer is a page', async () => {
  server.body = '<html>Log in</html>';
  expect((await compare()).problem).toBe(
    "the response to GET /api/v1/data_sources does not have the format of Datafold's API. Check that the URL is your Datafold and not a proxy or a login page.",
  );
});

test('says that Datafold can not be reached', async () => {
  const { problem } = await compareWithDatafold(
    { host: 'http://localhost:1', apiKey: 'k' },
    [{ name: 'shop/app', databaseName: 'app' }],
    EDGES,
    () => undefined,
    new DatafoldLineage({ host: 'http://localhost:1', apiKey: 'k' }, withoutPauses),
  );
  expect(problem).toMatch(/^it did not answer \(\w+\)\. Check its URL and the network of this machine\.$/);
});
