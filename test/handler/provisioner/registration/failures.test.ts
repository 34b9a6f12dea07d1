import dns from 'node:dns';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { DatafoldServer } from '../../../support/datafold/server';
import { certificateFor } from '../../../support/postgres-server/certificate';
import { API_KEY_SECRET, CONNECTION, CREATE, LIST, Setting } from './setting';

let setting: Setting;
beforeEach(async () => (setting = await Setting.start()));
afterEach(async () => setting.stop());

const reason = async (changes: object = {}) =>
  (await setting.resource.create(setting.properties(changes))).Reason;
const listUrl = () => `${setting.datafold.url}/api/v1/data_sources`;

test('401: fails for a refused API key', async () => {
  setting.environment.secrets.add(API_KEY_SECRET, setting.environment.secret('dfk_of_somebody_else'));
  expect(await reason()).toBe(
    `Datafold refused the API key (GET ${listUrl()}, HTTP 401). Put a valid key into the secret ${API_KEY_SECRET}, then deploy again.`,
  );
  expect(setting.datafold.asked).toEqual([LIST]);
});

test('403: fails for an API key without permission', async () => {
  setting.datafold.next(CREATE, { status: 403, body: { detail: 'Forbidden' } });
  expect(await reason()).toBe(
    `Datafold does not allow the owner of the API key to do this (POST ${listUrl()}, HTTP 403). Use the key of an administrator, in the secret ${API_KEY_SECRET}, then deploy again.`,
  );
});

test('404: fails for a host that is not Datafold', async () => {
  setting.datafold.next(LIST, { status: 404, body: 'not found' });
  expect(await reason()).toBe(
    `Datafold does not know this address (GET ${listUrl()}, HTTP 404). Check that \`host\` of the registration, ${setting.datafold.url}, is your Datafold, then deploy again.`,
  );
});

test('422: names the fields, and never their values', async () => {
  const { password } = setting.body().options as { password: string };
  const detail = [
    { loc: ['body', 'options', 'host'], msg: 'String should have at most 128 characters', input: password },
    { loc: ['body', 'temp_schema'], msg: `no such thing as ${password}`, type: 'value_error' },
  ];
  setting.datafold.next(CREATE, { status: 422, body: { detail } });
  expect(await reason()).toBe(
    `Datafold did not accept the request (POST ${listUrl()}, HTTP 422): options.host: String should have at most 128 characters; temp_schema: no such thing as ***. Correct it, then deploy again.`,
  );
});

test('422: removes a secret before a long response is shortened', async () => {
  const { password } = setting.body().options as { password: string };
  const detail = `${'x'.repeat(295)}${password}`;
  setting.datafold.next(CREATE, { status: 422, body: { detail } });
  expect(await reason()).toBe(
    `Datafold did not accept the request (POST ${listUrl()}, HTTP 422): ${'x'.repeat(295)}***. Correct it, then deploy again.`,
  );
});

test.each([
  ['in seconds', '20', 20_000],
  ['as a date', 'Thu, 01 Jan 2026 00:00:40 GMT', 39_000],
])('429: waits as long as Retry-After says, %s', async (_, after, atLeast) => {
  setting.datafold.next(LIST, { status: 429, headers: { 'retry-after': after } });
  const from = setting.environment.clock.now();
  expect(await reason()).toBeUndefined();
  expect(setting.environment.clock.now() - from).toBeGreaterThanOrEqual(atLeast);
  expect(setting.environment.clock.now() - from).toBeLessThan(atLeast + 10_000);
  expect(setting.datafold.posted).toHaveLength(1);
});

test('429: fails if the limit lasts, after growing pauses', async () => {
  setting.datafold.next(LIST, ...Array<{ status: number }>(50).fill({ status: 429 }));
  expect(await reason()).toBe(
    `Datafold limits the rate of requests (GET ${listUrl()}, HTTP 429) and did not lift the limit in time. Deploy again later.`,
  );
  expect(setting.datafold.asked.length).toBeLessThan(12);
});

test('429: fails at once if Retry-After exceeds the retry window', async () => {
  setting.datafold.next(LIST, { status: 429, headers: { 'retry-after': '3600' } });
  expect(await reason()).toMatch(/^Datafold limits the rate of requests/);
  expect(setting.datafold.asked).toEqual([LIST]);
});

test('500: retries, then fails', async () => {
  setting.datafold.next(LIST, ...Array<{ status: number }>(50).fill({ status: 503 }));
  expect(await reason()).toBe(
    `Datafold reports an internal error (GET ${listUrl()}, HTTP 503), which did not pass in time. Deploy again later; if it persists, ask Datafold's support.`,
  );
});

test('500: succeeds if a retry succeeds', async () => {
  setting.datafold.next(LIST, { status: 502, body: '<html>' }, { status: 503 });
  expect(await reason()).toBeUndefined();
});

test('TIMEOUT: fails with the time limit', async () => {
  setting.datafold.next(LIST, ...Array<'silence'>(50).fill('silence'));
  expect(await reason()).toBe(
    `Datafold did not answer within 30 seconds (GET ${listUrl()}), several times. Deploy again later; if it persists, ask Datafold's support.`,
  );
});

test.each(['done, then hang up', { status: 500 }] as const)(
  'when the making ends with %j, Datafold is asked before another one is made',
  async (fault) => {
    setting.datafold.next(CREATE, fault);
    expect(await reason()).toBeUndefined();
    expect(setting.datafold.sources).toHaveLength(1);
    expect(setting.datafold.posted).toHaveLength(1);
    expect(setting.datafold.asked.slice(0, 3)).toEqual([LIST, CREATE, LIST]);
  },
);

test('retries a Create that was rate-limited', async () => {
  setting.datafold.next(CREATE, { status: 429 }, { status: 429 });
  expect(await reason()).toBeUndefined();
  expect(setting.datafold.sources).toHaveLength(1);
});

test('DNS: fails for an unknown host name', async () => {
  const real = dns.lookup as (...args: unknown[]) => void;
  const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((...args: unknown[]) => {
    if (args[0] !== 'app.datafold.example') return real(...args);
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    process.nextTick(args.at(-1) as (error: Error) => void, error);
  }) as never);
  try {
    expect(await reason({ host: 'http://app.datafold.example' })).toBe(
      "The host name app.datafold.example can't be resolved (GET http://app.datafold.example/api/v1/data_sources, ENOTFOUND). Check `host` of the registration, then deploy again.",
    );
  } finally {
    lookup.mockRestore();
  }
});

test('fails if nothing listens on the port', async () => {
  const gone = await new DatafoldServer('key').start();
  const { url } = gone;
  await gone.stop();
  expect(await reason({ host: url })).toBe(
    `The connection to ${new URL(url).host} failed (GET ${url}/api/v1/data_sources, ECONNREFUSED). Check \`host\` of the registration; the function reaches Datafold over the internet. Then deploy again.`,
  );
});

test('does not trust a certificate of an unknown authority', async () => {
  const { certificate, key } = await certificateFor(['localhost']);
  const server = createServer({ cert: certificate, key }, () => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  expect(await reason({ host: `https://${host}` })).toBe(
    `The certificate of ${host} is not trusted (GET https://${host}/api/v1/data_sources, UNABLE_TO_VERIFY_LEAF_SIGNATURE). ` +
      'Datafold must have one of a public authority for this name: check `host` of the registration, then deploy again.',
  );
  server.closeAllConnections();
  server.close();
});

test('does not follow a redirect: the API key is for one host', async () => {
  const headers = { location: 'https://elsewhere.example/' };
  setting.datafold.next(LIST, { status: 302, headers });
  expect(await reason()).toBe(
    `Datafold redirects to another address (GET ${listUrl()}, HTTP 302), where the API key is not sent. Give that address as \`host\` of the registration, then deploy again.`,
  );
});

test.each(['<html>Log in</html>', { data: [] }])(
  'fails for a response without the format of the API: %j',
  async (body) => {
    setting.datafold.next(LIST, { status: 200, body });
    expect(await reason()).toBe(
      `The response does not have the format of Datafold's API (GET ${listUrl()}). Check that \`host\` of the registration, ${setting.datafold.url}, is your Datafold and not a proxy or a login page, then deploy again.`,
    );
  },
);

test('fails for a secret without an API key', async () => {
  setting.environment.secrets.add(API_KEY_SECRET, '{"key": "x"}');
  expect(await reason()).toBe(
    `The secret ${API_KEY_SECRET} does not hold an API key of Datafold: its value must be the key itself, or a JSON object with "apiKey". Correct it, then deploy again.`,
  );
});

test('fails for a secret without a data source', async () => {
  setting.environment.secrets.add(CONNECTION, '{}');
  expect(await reason()).toBe(
    `The secret ${CONNECTION} does not hold a data source as DataSource writes it. Deploy again; if its value was changed by hand, delete the value first.`,
  );
});
