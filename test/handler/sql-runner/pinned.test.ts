import { answer } from '../../../lib/handler/sql-runner/answer';
import { handler } from '../../../lib/handler/sql-runner';
import { assertPinned } from '../../../lib/handler/sql-runner/pinned';
import {
  ANY_CERTIFICATE,
  certificateKey,
  hashedPin,
  serverPin,
  workPin,
} from '../../../lib/private/wire/pins';
import type { ServerAddress, SqlRequest } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { withServer } from '../../support/with-server';

const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const ADMIN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:admin-AbCdEf';
const address: ServerAddress = { host: 'Shop.example', port: 5432, tls: 'verify-full', caCertificate: CA };
const server = withServer();
const [work] = [{ admin: 'admin-AbCdEf', role: 'datafold' }];
const pinned = { at: 'shop.example', port: '5432', tls: 'verify-full', ca: certificateKey(CA) };
/** Pins as the constructs write them: values known at synth are hashed. */
const HASHES = [
  hashedPin(serverPin(pinned)),
  hashedPin(workPin(pinned, work)),
  hashedPin(workPin(pinned, { ...work, rotatedSecret: 'Role1A2B-*-*' })),
];
const IN_CLEAR = [workPin(pinned, work), workPin(pinned, { ...work, rotatedSecret: 'Role1A2B-*-*' })];

const admin = { user: 'admin', password: 'x', secret: ADMIN };
const base = () => ({ ...requestsTo(server.postgres).apply(), server: address, admin });
const apply = (change: object = {}) => ({ ...base(), ...change }) as SqlRequest;
const verify = (change: object = {}) =>
  ({ ...base(), operation: 'verify', admin: { user: 'datafold', password: 'y' }, ...change }) as SqlRequest;
const rotate = (change: object = {}) =>
  ({
    ...{ operation: 'set-password', server: address, admin, roleName: 'datafold' },
    ...{
      passwordSecret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:Role1A2B-QRPIhDRhKrHJ-7PmXwH',
      ...change,
    },
  }) as unknown as SqlRequest;
const exclude = (change: object = {}) =>
  ({
    ...{ operation: 'exclude-from-log', server: address, admin, maintenanceDatabase: 'postgres' },
    ...{
      desired: { roles: [], databases: [] },
      previousExclusions: { roles: ['etl'], databases: [] },
      ...change,
    },
  }) as SqlRequest;
const refusal = (operation: string, host = 'Shop.example') =>
  `The sql-runner was not deployed for this ${operation} on ${host}:5432: host, port, TLS, CA certificate, admin secret, role or password secret differ. If a deployment sent the request, deploy constructs and functions of the same release. Otherwise find the caller in CloudTrail (lambda:InvokeFunction) and revoke its permission to invoke the functions.`;

describe.each([
  ['known at synth', HASHES],
  ['known to CloudFormation alone', IN_CLEAR],
])('a server %s', (_, pins) => {
  test.each([
    ['apply', () => apply()],
    ['plan', () => apply({ operation: 'plan' })],
    ['remove', () => apply({ operation: 'remove' })],
    ['verify, as the role itself', () => verify()],
    ['rotation', () => rotate()],
    [
      'an admin secret that is named by its name',
      () => apply({ admin: { ...admin, secret: 'admin-AbCdEf' } }),
    ],
  ])('is worked on: %s', (_what, request) => {
    expect(() => assertPinned(request(), pins)).not.toThrow();
  });

  test.each<[string, () => SqlRequest]>([
    ['another host', () => apply({ server: { ...address, host: 'attacker.example' } })],
    ['another host, as the role', () => verify({ server: { ...address, host: 'attacker.example' } })],
    ['another port', () => apply({ server: { ...address, port: 5433 } })],
    ['no TLS', () => apply({ server: { ...address, tls: 'disable' } })],
    ['no TLS, as the role', () => verify({ server: { ...address, tls: 'disable' } })],
    ['another certificate', () => apply({ server: { ...address, caCertificate: `${CA}x` } })],
    ['another secret as that of the admin', () => apply({ admin: { ...admin, secret: `${ADMIN}x` } })],
    ['a login of nowhere', () => apply({ admin: { user: 'admin', password: 'x' } })],
    ['another role', () => apply({ access: { ...base().access, roleName: 'postgres' } })],
    ['a rotation of another role', () => rotate({ roleName: 'other' })],
    ['a rotation with another secret', () => rotate({ passwordSecret: 'Role3C4D-QRPIhDRhKrHJ-7PmXwH' })],
    [
      'a rotation with a secret whose name is longer',
      () => rotate({ passwordSecret: 'Role1A2B-x-QRPIhDRhKrHJ-7PmXwH' }),
    ],
    [
      'a test of another role with the password of a rotation',
      () => rotate({ operation: 'try-password', roleName: 'other' }),
    ],
    [
      'a role whose name looks like a pin',
      () => apply({ access: { ...base().access, roleName: 'datafold|role-AbCdEf' } }),
    ],
    ['the log exclusions, which nobody asked for', () => exclude()],
    [
      'a server that RDS is asked for',
      () => apply({ server: { ...address, lookup: { kind: 'cluster', identifier: 'shop' } } }),
    ],
    [
      'a confirmation of work that undoes nothing',
      () => apply({ confirmed: true, server: { ...address, host: 'attacker.example' } }),
    ],
  ])('is refused: %s', (_what, request) => {
    const { operation, server: to } = request();
    expect(() => assertPinned(request(), pins)).toThrow(
      refusal(operation, to.host).replace(':5432', `:${to.port}`),
    );
  });

  test('that is no longer in the app may be cleaned up when CloudFormation confirms it', () => {
    const previousExclusions = { ...address, host: 'former.example' };
    for (const request of [
      apply({ operation: 'remove', server: previousExclusions }),
      exclude({ server: previousExclusions }),
    ]) {
      expect(() => assertPinned(request, pins)).toThrow(refusal(request.operation, 'former.example'));
      expect(() => assertPinned({ ...request, confirmed: true } as SqlRequest, pins)).not.toThrow();
    }
  });
});

test('a server that is looked up in RDS is matched by its identifier, with which its host name begins', () => {
  const lookup = { kind: 'cluster', identifier: 'shop' } as const;
  const pins = [workPin({ at: 'cluster/shop', port: '5432', tls: 'verify-full' }, work)];
  const found = (host: string) => apply({ server: { host, port: 5432, tls: 'verify-full', lookup } });
  expect(() => assertPinned(found('shop.cluster-abc.eu-west-1.rds.amazonaws.com'), pins)).not.toThrow();
  expect(() => assertPinned(found('attacker.example'), pins)).toThrow(refusal('apply', 'attacker.example'));
  const { lookup: _, ...given } = found('shop.attacker.example').server;
  expect(() => assertPinned(apply({ server: given }), pins)).toThrow(
    refusal('apply', 'shop.attacker.example'),
  );
});

test('a certificate that is known only to CloudFormation is not compared', () => {
  const pins = [workPin({ ...pinned, ca: ANY_CERTIFICATE }, work)];
  expect(() => assertPinned(apply(), pins)).not.toThrow();
});

test('log exclusions have pins of their own', () => {
  const pins = [workPin(pinned, { admin: 'admin-AbCdEf' })];
  expect(() => assertPinned(exclude(), pins)).not.toThrow();
  expect(() => assertPinned(apply(), pins)).toThrow(refusal('apply'));
});

describe('the function', () => {
  afterEach(() => delete process.env.DATAFOLD_SERVERS);

  test('connects to no server without pins', async () => {
    const request = requestsTo(server.postgres).verify();
    const { host, port } = request.server;
    const message = refusal('verify', host).replace(':5432', `:${port}`);
    expect(await handler(request)).toEqual({
      ok: false,
      error: { kind: 'not-pinned', message, code: 'NotPinned', retryable: false },
    });
  });

  test('accepts the server that it was deployed for', async () => {
    await server.freshDatabase('app');
    const request = requestsTo(server.postgres).apply();
    const { host, port, tls, caCertificate } = request.server;
    const at = { at: host, port: String(port), tls, ca: certificateKey(caCertificate!) };
    process.env.DATAFOLD_SERVERS = JSON.stringify([workPin(at, work)]);
    const mine = { ...request, admin: { ...request.admin, secret: ADMIN } };
    expect(await handler(mine)).toMatchObject({ ok: true });
    const login = { ...requestsTo(server.postgres).verify(), password: PASSWORD };
    expect(await handler(login)).toMatchObject({ ok: true });
    await answer(requestsTo(server.postgres).remove());
  });
});
