import { OpenApi } from '../../../support/datafold/openapi';
import { DatafoldServer } from '../../../support/datafold/server';

const checked = OpenApi.load() !== undefined;
if (!checked) console.warn("Datafold's OpenAPI document is not here: requests are not compared with it.");

(checked ? test : test.skip)(
  "a request that does not fit Datafold's OpenAPI document is noticed",
  async () => {
    const datafold = await new DatafoldServer('key').start();
    const headers = { authorization: 'Key key', 'content-type': 'application/json' };
    const post = async (body: object) =>
      fetch(`${datafold.url}/api/v1/data_sources`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
    const options = { host: 'h', user: 'u', dbname: 'd' };
    await post({ type: 'pg', name: 'n', options });
    expect(datafold.violations).toEqual([]);
    await post({ type: 'pg', name: 'n', options: { ...options, sslmode: 'disable' }, temp_shema: 't' });
    expect(datafold.violations.join()).toMatch(/sslmode must be equal to one of the allowed values/);
    expect(datafold.violations).toContain('no data source of type pg has a field temp_shema');
    await fetch(`${datafold.url}/api/v1/data_sources/7`, { method: 'DELETE', headers });
    expect(datafold.violations).toContain('DELETE /api/v1/data_sources/7 is not in the document');
    await datafold.stop();
  },
);
