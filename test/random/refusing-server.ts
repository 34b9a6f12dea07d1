import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Refuses every call of an AWS service with a code that means nothing to anybody, so that nobody repeats it. */
export class RefusingServer {
  public static async start(): Promise<RefusingServer> {
    const server = createServer((request, response) => {
      request.resume();
      const isQuery = request.headers['content-type']?.includes('x-www-form-urlencoded') ?? false;
      response.writeHead(400, {
        'content-type': isQuery ? 'text/xml' : 'application/json',
        'x-amzn-errortype': 'Injected',
      });
      response.end(
        isQuery
          ? '<ErrorResponse><Error><Type>Sender</Type><Code>Injected</Code><Message>A test</Message></Error></ErrorResponse>'
          : '{"__type":"Injected","message":"A test"}',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RefusingServer(server, (server.address() as AddressInfo).port);
  }

  private constructor(
    private readonly server: Server,
    public readonly port: number,
  ) {}

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
