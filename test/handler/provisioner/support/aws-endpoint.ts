import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WireAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface WireRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Something that speaks AWS's protocols: each request gets the next of the answers. */
export class AwsEndpoint {
  readonly requests: WireRequest[] = [];
  private answers: WireAnswer[] = [];
  private readonly before = { ...process.env };
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      this.requests.push({ path, headers, body: Buffer.concat(chunks).toString('utf8') });
      const { status = 200, headers: extra = {}, body = '{}' } = this.answers.shift() ?? {};
      response.writeHead(status, extra).end(body);
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    });
    return this;
  }

  async stop(): Promise<void> {
    process.env = this.before;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  answer(...answers: WireAnswer[]): void {
    this.answers.push(...answers);
  }

  /** An error as the JSON services write it. */
  refuse(code: string, message: string): void {
    this.answer({ status: 400, body: JSON.stringify({ __type: code, message }) });
  }

  /** The operation and the input of each request to a JSON service. */
  get calls(): [string | undefined, unknown][] {
    return this.requests.map(({ headers, body }) => [
      String(headers['x-amz-target']).split('.').at(-1),
      JSON.parse(body),
    ]);
  }
}
