import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that listens in place of PostgreSQL and speaks another protocol. */
export interface PlainServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Handles each connection as the test defines. */
export async function plainServer(onConnection: (socket: Socket) => void): Promise<PlainServer> {
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => listening.listen(0, resolve));
  listening.unref(); // a test that fails does not get as far as stop()
  return {
    port: (listening.address() as AddressInfo).port,
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        listening.close(() => resolve());
      }),
  };
}

/** The message that PostgreSQL sends before it closes the connection. */
export function errorMessage(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
