import { AwsServer } from '../../support/aws-server';

/** The content of an answer in XML, or the code and message of an error. */
type Answer = string | { readonly status: number; readonly code: string; readonly message: string };

/** A service of AWS with the query protocol, such as IAM and RDS. */
export class QueryServer extends AwsServer {
  constructor(answer: (action: string, parameters: URLSearchParams) => Answer) {
    super((_, body, response) => {
      const parameters = new URLSearchParams(body);
      const action = parameters.get('Action') ?? '';
      const found = answer(action, parameters);
      const isError = typeof found !== 'string';
      response
        .writeHead(isError ? found.status : 200, { 'content-type': 'text/xml' })
        .end(
          isError
            ? `<ErrorResponse><Error><Type>Sender</Type><Code>${found.code}</Code><Message>${found.message}</Message></Error></ErrorResponse>`
            : `<${action}Response><${action}Result>${found}</${action}Result></${action}Response>`,
        );
    });
  }
}
