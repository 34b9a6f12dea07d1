import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
let proxy: Server;
let isReplica: boolean;

/** Represents the writer endpoint: connections opened while it resolves to a replica can never write. */
beforeAll(async () => {
  await server.freshDatabase('app');
  proxy = createServer((socket) => {
    const upstream = connect(server.postgres.port, '127.0.0.1');
    const readsOnly = isReplica;
    socket.on('data', (data) => upstream.write(readsOnly ? beginReadOnly(data) : data));
    upstream.pipe(socket);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ]) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => proxy.close(resolve)));

/** Sends the query in a read-only transaction, as on a replica. */
function beginReadOnly(message: Buffer): Buffer {
  const text = message.subarray(5).toString();
  if (message[0] !== 'Q'.charCodeAt(0) || !text.startsWith('BEGIN;')) return message;
  const body = Buffer.from(text.replace('BEGIN;', 'BEGIN READ ONLY;'));
  const head = Buffer.from('Q\0\0\0\0');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const apply = () => {
  const { port } = proxy.address() as AddressInfo;
  return requestsTo(server.postgres).apply({ server: { host: '127.0.0.1', port, tls: 'disable' } });
};

beforeEach(() => {
  isReplica = false;
});

test('reconnects while the writer endpoint resolves to the old writer', async () => {
  isReplica = true;
  setTimeout(() => (isReplica = false), 1_500);
  expect((await succeed(apply())).finished).toBe(true);
  expect(isReplica).toBe(false);
  await succeed(requestsTo(server.postgres).remove());
});

test('finally reports that the server is read-only', async () => {
  isReplica = true;
  expect(await fail(apply(), 4_000)).toEqual({
    message:
      'Setting up role "datafold" failed: cannot execute CREATE ROLE in a read-only transaction (25006). ' +
      'The server is read-only: it is a replica, or was the writer until a failover. Use the writer endpoint.',
    code: '25006',
    retryable: true,
  });
});

test('the verification reconnects too', async () => {
  await succeed(apply());
  isReplica = true;
  setTimeout(() => (isReplica = false), 1_500);
  const { server: address } = apply();
  const { databases } = await succeed(requestsTo(server.postgres).verify({ server: address }));
  expect(isReplica).toBe(false);
  expect(databases[0].steps.slice(0, 3).map(({ ok }) => ok)).toEqual([true, true, true]);
  await succeed(requestsTo(server.postgres).remove());
});
