import { join } from 'node:path';
import { Readable } from 'node:stream';

interface Client {
  send(command: object): Promise<{ $metadata?: object }>;
}
type Module = Readonly<Record<string, new (input: object) => object>>;
type Sdk = Readonly<Record<string, Module>>;
interface HttpRequest {
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- a bundle
const bundled = require(join(__dirname, '../../dist/cli/aws-sdk.js')) as Sdk;

/** The parameters of many operations; each takes those that it knows. */
const INPUT = {
  GroupId: 'g',
  SecretId: 's',
  DBClusterIdentifier: 'c',
  UserName: 'u',
  Filters: [{ Name: 'vpc-id', Values: ['v'] }],
  Parameters: [{ ParameterName: 'log_statement', ParameterValue: 'mod', ApplyMethod: 'immediate' }],
  Tags: [{ Key: 'k', Value: 'v' }],
  Targets: [{ Id: '10.0.0.1', Port: 5432 }],
  ClientRequestToken: '2c52bc51-b310-476a-9dd4-5a2ff2f71d2d',
  FunctionName: 'f',
  Payload: Buffer.from('{}'),
  logGroupName: 'l',
  resourceArn: 'r',
  secretArn: 's',
  sql: 'SELECT $1',
  transactionId: 't',
  parameters: [{ name: 'a', value: { stringValue: 'x' } }],
};

/** Answers in the protocols of the services, an error as XML with the code of each protocol. */
const ERROR = '<Error><Code>DBClusterNotFoundFault</Code><Message>m</Message></Error>';
const ANSWERS: readonly (readonly [number, string])[] = [
  [200, '{"ARN":"a","SecretString":"x","events":[{"timestamp":1,"message":"m"}]}'],
  [400, '{"__type":"ResourceNotFoundException","message":"m"}'],
  [400, `<ErrorResponse>${ERROR}</ErrorResponse>`],
  [400, `<Response><Errors>${ERROR}</Errors></Response>`],
  [
    200,
    `<Response><DescribeDBClustersResult><DBClusters><DBCluster><DBClusterIdentifier>a</DBClusterIdentifier><Port>5432</Port></DBCluster></DBClusters></DescribeDBClustersResult><vpcSet><item><vpcId>v</vpcId><isDefault>true</isDefault></item></vpcSet></Response>`,
  ],
];

/** What an operation sends, and what it returns or throws for an answer. */
async function exchange(
  sdk: Module,
  [client, operation]: readonly string[],
  [statusCode, body]: readonly [number, string],
) {
  let sent: HttpRequest | undefined;
  const requestHandler = {
    handle: (request: HttpRequest) => {
      sent = request;
      return Promise.resolve({
        response: { statusCode, headers: {}, body: Readable.from([Buffer.from(body)]) },
      });
    },
  };
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 's' };
  const options = { region: 'eu-west-1', credentials, requestHandler, maxAttempts: 1 };
  const outcome = await (new sdk[client!]!(options) as Client)
    .send(new sdk[operation!]!(INPUT))
    .catch((error: Error) => ({ ...error, thrown: error.constructor.name, message: error.message }));
  const { hostname, path, headers, body: sentBody = '' } = sent!;
  const target = [headers['content-type'], headers['x-amz-target']];
  const text = typeof sentBody === 'string' ? sentBody : Buffer.concat([sentBody]).toString();
  return JSON.stringify({ hostname, path, target, body: text, outcome });
}

describe.each(Object.entries(bundled))('what the command has of %s', (name, module) => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the same package as the bundle has
  const original = require(name) as Module;
  const client = Object.keys(module).find((key) => key.endsWith('Client'))!;
  const operations = Object.keys(module).filter((key) => key.endsWith('Command'));

  test.each(operations)('%s sends and reads the same as the whole SDK', async (operation) => {
    for (const answer of ANSWERS) {
      const expected = await exchange(original, [client, operation], answer);
      expect(await exchange(module, [client, operation], answer)).toBe(expected);
    }
  });
});
