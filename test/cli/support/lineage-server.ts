import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpServer } from '../../support/http-server';

/** Datafold's API for data sources and lineage on a local port, as its documentation has it. */
export class LineageServer extends HttpServer {
  readonly asked: string[] = [];
  /** The upstreams of tables by path, `app.staging.orders`; other tables are not known. */
  upstreams: Record<string, readonly string[][]> = {};
  /** Answers the next requests with these statuses instead. */
  statuses: number[] = [];
  body?: string;

  constructor(readonly apiKey: string) {
    super((request, _, response) => this.take(request, response));
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    this.asked.push(request.url ?? '');
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(this.body ?? JSON.stringify(value));
    };
    const status = this.statuses.shift();
    if (status !== undefined) return answer(status, { detail: 'no' });
    if (request.headers.authorization !== `Key ${this.apiKey}`)
      return answer(401, { detail: 'Unauthorized' });
    if (request.url === '/api/v1/data_sources') return answer(200, [{ id: 7, name: 'shop/app' }]);
    const [, source, path] = /^\/api\/v1\/explore\/db\/(\d+)\/tables\/([^/]+)\/upstreams\?max_depth=1$/.exec(
      request.url ?? '',
    ) ?? [undefined, undefined, ''];
    const found = this.upstreams[decodeURIComponent(path)];
    if (source !== '7' || !found) return answer(404, { detail: 'Not Found' });
    answer(
      200,
      found.map((parts) => ({ type: 'Table', name: parts.at(-1), path: parts, columns: [{ name: 'id' }] })),
    );
  }
}
