import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method?: string;
  readonly contentType?: string;
  readonly contentLength?: string;
  readonly body: string;
}

/** The place where CloudFormation waits for answers: S3's part of it. */
export class Receiver {
  readonly received: Received[] = [];
  /** What the next requests come to: a status, a closed connection, or no answer ever. After them: 200. */
  statuses: (number | 'hang up' | 'silence')[] = [];
  private readonly server: Server;

  constructor(private readonly tls?: { readonly key: string; readonly cert: string }) {
    const take = (request: IncomingMessage, response: ServerResponse) => this.take(request, response);
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

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `${this.tls ? 'https' : 'http'}://localhost:${port}/answer?X-Amz-Signature=${SIGNATURE}`;
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'content-type': contentType, 'content-length': contentLength } = request.headers;
      const body = Buffer.concat(chunks).toString('utf8');
      this.received.push({ method: request.method, contentType, contentLength, body });
      const status = this.statuses.shift() ?? 200;
      if (status === 'hang up') request.socket.destroy();
      else if (status !== 'silence') response.writeHead(status).end();
    });
  }
}

/** Whoever knows it can answer in the provisioner's place: it counts as a secret. */
export const SIGNATURE = '5f3c1e0bsignature9d';
