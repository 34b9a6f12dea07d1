import { HttpServer } from '../support/http-server';

/** Refuses every call of an AWS service with a code that means nothing to anybody, so that nobody repeats it. */
export class RefusingServer extends HttpServer {
  constructor() {
    super((request, _, response) => {
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
  }
}
