import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy between a client and PostgreSQL, without TLS, that closes the connection after a given number of statements. */
export interface FaultProxy {
  readonly port: number;
  /** Closes all connections as soon as the server has completed `statements` more; calls `onCut` first. */
  cutAfter(statements: number, onCut?: () => void): void;
  /** True if a connection was closed since `cutAfter`. */
  hasCut(): boolean;
  stop(): Promise<void>;
}

const COMMAND_COMPLETE = 'C'.charCodeAt(0);

/** Counts the messages of one type in a stream of server messages that arrives in pieces. */
function messageCounter(type: number): (data: Buffer) => number {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    let count = 0;
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      if (rest[0] === type) count += 1;
      rest = rest.subarray(1 + rest.readUInt32BE(1));
    }
    return count;
  };
}

/** Starts a proxy to the server on `port`. */
export async function faultProxy(port: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let left = Infinity;
  let cut = false;
  let onCut: (() => void) | undefined;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const completed = messageCounter(COMMAND_COMPLETE);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      left -= completed(data);
      if (left > 0) {
        client.write(data);
        return;
      }
      left = Infinity;
      cut = true;
      onCut?.();
      for (const socket of sockets) socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter(statements, whenCut) {
      [left, cut, onCut] = [statements, false, whenCut];
    },
    hasCut: () => cut,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
