import type { IncomingMessage } from 'node:http';
import { AwsServer } from '../../../support/aws-server';

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
export class AwsEndpoint extends AwsServer {
  readonly requests: WireRequest[] = [];
  private answers: WireAnswer[] = [];

  constructor() {
    super(({ url: path = '', headers }, body, response) => {
      this.requests.push({ path, headers, body });
      const { status = 200, headers: extra = {}, body: answer = '{}' } = this.answers.shift() ?? {};
      response.writeHead(status, extra).end(answer);
    });
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
