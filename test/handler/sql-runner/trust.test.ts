import tls, { createSecureContext } from 'node:tls';
import { trust } from '../../../lib/handler/sql-runner/connection/trust';

const region = process.env.AWS_REGION;
afterEach(() => {
  if (region === undefined) delete process.env.AWS_REGION;
  else process.env.AWS_REGION = region;
});

const isContext = (host: string) =>
  trust({ host }).secureContext?.constructor === createSecureContext().constructor;

test('only caCertificate is trusted if it is set', () => {
  const made = jest.spyOn(tls, 'createSecureContext');
  const given = { host: 'shop.c1.eu-west-1.rds.amazonaws.com', caCertificate: 'PEM' };
  const { secureContext } = trust(given);
  expect(made.mock.calls).toEqual([[{ ca: ['PEM'] }]]);
  expect(made.mock.results[0].value).toBe(secureContext);
  expect(trust(given).secureContext).toBe(secureContext);
  made.mockRestore();
});

test('the authorities of RDS in the region of the host are trusted, else those in the region of the function', () => {
  delete process.env.AWS_REGION;
  expect(isContext('shop.cluster-c1.eu-west-1.rds.amazonaws.com')).toBe(true);
  expect(trust({ host: 'db.example' })).toEqual({});
  process.env.AWS_REGION = 'eu-west-1';
  const { secureContext } = trust({ host: 'db.example' });
  expect(secureContext).toBe(trust({ host: 'shop.cluster-c1.eu-west-1.rds.amazonaws.com' }).secureContext);
  expect(secureContext).not.toBe(trust({ host: 'shop.c1.us-east-1.rds.amazonaws.com' }).secureContext);
});

test('an unknown region is verified with the default authorities of the runtime', () => {
  for (const host of ['shop.c1.us-gov-west-1.rds.amazonaws.com', 'shop.c1.cn-north-1.rds.amazonaws.com.cn'])
    expect(trust({ host })).toEqual({});
});
