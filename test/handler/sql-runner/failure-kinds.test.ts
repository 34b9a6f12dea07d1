import type { SqlFailureKind } from '../../../lib/private/wire/sql-reports';
import { OutOfTime } from '../../../lib/handler/sql-runner/deadline';
import { failure, SqlRunnerError } from '../../../lib/handler/sql-runner/errors';
import { kindOf, LOCKED, MEANINGS, NOT_PINNED } from '../../../lib/handler/sql-runner/sqlstates';

const KINDS: Readonly<Record<SqlFailureKind, readonly string[]>> = {
  'unknown-host': ['ENOTFOUND'],
  unreachable: [
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ETIMEDOUT',
    'NO_TLS',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  unavailable: [
    ...[
      '08000',
      '08001',
      '08003',
      '08004',
      '08006',
      '08P01',
      '25006',
      '53300',
      '57P01',
      '57P02',
      '57P03',
      '57P05',
    ],
    ...['ECONNRESET', 'EPIPE'],
  ],
  'login-refused': ['28000', '28P01'],
  missing: ['3D000'],
  closed: [],
  denied: ['42501'],
  locked: [],
  busy: ['23505', '40001', '40P01', '53200', '55006', '55P03', 'XX000'],
  timeout: ['25P03', '25P04', '57014'],
  'not-pinned': [],
  failed: ['2BP01', '3F000', '53100'],
};

test('each code that a run knows is of one kind of failure', () => {
  const found: Record<string, string[]> = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, []]));
  for (const code of Object.keys(MEANINGS).sort()) found[kindOf(code)].push(code);
  const expected = Object.entries(KINDS).map(([kind, codes]) => [kind, [...codes].sort()]);
  expect(found).toEqual(Object.fromEntries(expected));
});

test('a failure says its kind on the wire, also where there is no code', () => {
  const kinds = [
    new SqlRunnerError('The role is locked.', LOCKED),
    new SqlRunnerError('Not deployed for this.', NOT_PINNED),
    new SqlRunnerError('The database does not accept connections.', '55000'),
    new OutOfTime(),
    new Error('something else'),
  ].map((error) => failure(error, []).kind);
  expect(kinds).toEqual(['locked', 'not-pinned', 'closed', 'timeout', 'failed']);
});
