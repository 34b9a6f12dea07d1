import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Datafold's API for data sources and lineage on a local port, as its documentation has it. */
export class LineageServer {
  readonly asked: string[] = [];
  /** The upstreams of tables by path, `app.staging.orders`; other tables are not known. */
  upstreams: Record<string, readonly string[][]> = {};
  /** Answers the next requests with these statuses instead. */
  statuses: number[] = [];
  body?: string;
  private readonly server = createServer((request, response) => {
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
  });

  constructor(readonly apiKey: string) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }
}
