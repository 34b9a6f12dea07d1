import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpServer } from '../../../support/http-server';

export interface Received {
  readonly method?: string;
  readonly contentType?: string;
  readonly contentLength?: string;
  readonly body: string;
}

/** The place where CloudFormation waits for answers: S3's part of it. */
export class Receiver extends HttpServer {
  readonly received: Received[] = [];
  /** What the next requests come to: a status, a closed connection, or no answer ever. After them: 200. */
  statuses: (number | 'hang up' | 'silence')[] = [];

  constructor(tls?: { readonly key: string; readonly cert: string }) {
    super((request, body, response) => this.take(request, body, response), tls);
  }

  override get url(): string {
    return `${super.url}/answer?X-Amz-Signature=${SIGNATURE}`;
  }

  private take(request: IncomingMessage, body: string, response: ServerResponse): void {
    const { 'content-type': contentType, 'content-length': contentLength } = request.headers;
    this.received.push({ method: request.method, contentType, contentLength, body });
    const status = this.statuses.shift() ?? 200;
    if (status === 'hang up') request.socket.destroy();
    else if (status !== 'silence') response.writeHead(status).end();
  }
}

/** Whoever knows it can answer in the provisioner's place: it counts as a secret. */
export const SIGNATURE = '5f3c1e0bsignature9d';
