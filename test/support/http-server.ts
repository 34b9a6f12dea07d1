import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Answers a request, whose body has arrived. */
type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

/** An HTTP server on a local port. */
export class HttpServer {
  private readonly server: Server;

  constructor(
    answer: Answer,
    private readonly tls?: { readonly key: string; readonly cert: string },
  ) {
    const take = (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
    };
    this.server = tls ? createHttps(tls, take) : createHttp(take);
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.tls ? 'https' : 'http'}://localhost:${this.port}`;
  }
}
