import {
  type aws_secretsmanager as secretsmanager,
  CfnResource,
  Fn,
  Reference,
  Token,
  Tokenization,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { serverProperties } from '../server/server-properties';
import type { ServerSpec } from '../server/server-spec';
import {
  ANY_CERTIFICATE,
  certificateKey,
  hashedPin,
  type PinnedServer,
  SECRET_NAME_PART,
  secretKey,
  serverPin,
  workPin,
} from '../wire/pins';
import { deployed } from './deployed-text';
import { inWords } from '../problems';

/** Lambda's limit for all environment variables of a function together. */
const MAX_BYTES = 4_096;

/** A server that a sql-runner connects to, with the administrator and the role. */
export interface ServerWork {
  readonly server: ServerSpec;
  readonly adminSecretArn?: string;
  readonly roleName?: string;
  /** The secret of the role's password, if the password is rotated; a resource of the stack. */
  readonly rotatedSecret?: secretsmanager.ISecret;
}

/** Returns the pins of a server, which the environment of the sql-runner contains. Only at synthesis, when logical ids are final. */
export function pinsFor({ server, adminSecretArn, roleName, rotatedSecret }: ServerWork): string[] {
  const address = pinnedServer(server);
  const work = { admin: adminSecretArn && secretName(adminSecretArn), role: roleName };
  const pin = workPin(address, work);
  const pins = [
    ...(Token.isUnresolved(pin) ? [] : [serverPin(address)]),
    pin,
    ...(rotatedSecret ? [workPin(address, { ...work, rotatedSecret: patternOf(rotatedSecret) })] : []),
  ];
  return pins.map((one) => (Token.isUnresolved(one) ? one : hashedPin(one)));
}

/** Returns the name of a secret of the stack with `*` for its random parts. */
function patternOf(secret: secretsmanager.ISecret): string {
  const { name, logicalId, stack } = secret.node.defaultChild as secretsmanager.CfnSecret;
  const isGenerated = stack.resolve(name) === undefined;
  return isGenerated ? `${String(stack.resolve(logicalId))}-*-*` : `${name}-*`;
}

function pinnedServer(spec: ServerSpec): PinnedServer {
  const { host, lookup, port, tls, caCertificate } = serverProperties(spec);
  const at = lookup ? `${lookup.kind}/${lookup.identifier}` : (host ?? '');
  return {
    at: Token.isUnresolved(at) ? at : at.toLowerCase(),
    port,
    tls,
    ca: pinnedCertificate(caCertificate),
  };
}

function pinnedCertificate(certificates: string | undefined): string | undefined {
  if (certificates === undefined) return undefined;
  return Token.isUnresolved(certificates) ? ANY_CERTIFICATE : certificateKey(certificates);
}

/** Returns the values in a server's pins that refer to resources. */
export function referencesIn(server: ServerSpec): string[] {
  const { host, lookup, port, caCertificate } = serverProperties(server);
  const values = [host ?? lookup?.identifier, port, caCertificate, server.adminSecret?.secretArn];
  return values.filter((value) => value !== undefined && refersToResource(value)) as string[];
}

function refersToResource(value: string): boolean {
  const { tokens } = Tokenization.reverseString(value);
  return tokens.some((token) => Reference.isReference(token) && CfnResource.isCfnResource(token.target));
}

/** Returns the name in the ARN of a secret. A parameter is returned unchanged, since its value may be a plain name. */
export function secretName(arn: string): string {
  if (!Token.isUnresolved(arn)) return secretKey(arn);
  const { tokens } = Tokenization.reverseString(arn);
  const isOfResource = tokens.every(
    (token) => Reference.isReference(token) && CfnResource.isCfnResource(token.target),
  );
  return isOfResource ? Fn.select(SECRET_NAME_PART, Fn.split(':', arn)) : arn;
}

/** Returns a problem if the environment of a function is too large, which would otherwise fail the deployment halfway. */
export function environmentProblems(
  scope: Construct,
  environment: Readonly<Record<string, string>>,
  what: string,
): string[] {
  const bytes = Object.entries(environment).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(`${name}${String(deployed(scope, value))}`),
    0,
  );
  if (bytes <= MAX_BYTES) return [];
  return [
    `${what} have at least ${inWords(bytes)} bytes in the environment of the function, Lambda takes ${inWords(MAX_BYTES)}: set up some of them in another stack`,
  ];
}
