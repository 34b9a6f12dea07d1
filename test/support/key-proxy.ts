import { connect, createServer, type AddressInfo } from 'node:net';

/** A proxy between a client and PostgreSQL that behaves like a pooler: the process id for canceling is not that of the session. */
export interface KeyProxy {
  readonly port: number;
  /** The texts of all queries that passed through. */
  readonly queries: string[];
  stop(): Promise<void>;
}

const BACKEND_KEY_DATA = 'K'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);

/** Starts a proxy to the server on `port`, without TLS. */
export async function keyProxy(port: number): Promise<KeyProxy> {
  const queries: string[] = [];
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    upstream.on('data', (data) => client.write(withOtherProcess(data)));
    client.on('data', (data) => {
      if (data[0] === QUERY) queries.push(data.subarray(5, -1).toString());
      upstream.write(data);
    });
    client.on('error', () => undefined).on('close', () => upstream.destroy());
    upstream.on('error', () => undefined).on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    queries,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The server sends the key together with the other messages that end the login: whole messages, in one chunk. */
function withOtherProcess(data: Buffer): Buffer {
  const changed = Buffer.from(data);
  for (let at = 0; at + 5 <= changed.length; at += 1 + changed.readUInt32BE(at + 1))
    if (changed[at] === BACKEND_KEY_DATA) changed.writeInt32BE(changed.readInt32BE(at + 5) ^ 0x5a5a, at + 5);
  return changed;
}
