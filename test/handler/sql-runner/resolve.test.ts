import { answer } from '../../../lib/handler/sql-runner/answer';
import { hashedPin, serverPin } from '../../../lib/private/wire/pins';

const server = { host: 'localhost', port: 5432, tls: 'verify-full' } as const;

test('returns the addresses of a server in its network', async () => {
  expect(await answer({ operation: 'resolve', server, host: 'localhost' })).toEqual({
    ok: true,
    report: { addresses: ['127.0.0.1'] },
  });
});

test('resolves only the server and host names of RDS', async () => {
  expect(await answer({ operation: 'resolve', server, host: 'secret.attacker.example' })).toEqual({
    ok: false,
    error: {
      kind: 'failed',
      message:
        'The sql-runner resolves only host names of RDS and of its own servers, got: secret.attacker.example.',
      retryable: false,
    },
  });
});

test('resolves nothing for a server that it was not deployed for', async () => {
  const other = hashedPin(serverPin({ at: 'other', port: '5432', tls: 'verify-full' }));
  expect(await answer({ operation: 'resolve', server, host: 'localhost' }, undefined, [other])).toMatchObject(
    {
      ok: false,
      error: { code: 'NotPinned' },
    },
  );
});
