import { createHash } from 'node:crypto';

/**
 * Pins: the hosts and secrets that the functions may use, in their environment variables, so that a forged event cannot send a secret
 * to another host.
 *
 * Lambda limits all environment variables of a function together to 4 kB. Values that are known at synth are therefore hashed; values
 * that only CloudFormation knows are included unchanged.
 */

/** The stack of the provisioner; without this variable the provisioner does nothing. */
export const STACK_VARIABLE = 'DATAFOLD_STACK';
/** The URL suffix of the partition, such as `amazonaws.com`. */
export const URL_SUFFIX_VARIABLE = 'DATAFOLD_URL_SUFFIX';
/** `PinnedDatafold[]` as JSON. */
export const DATAFOLD_VARIABLE = 'DATAFOLD_HOSTS';
/** The pins of servers, as a JSON list of strings; without this variable the sql-runner connects to no server. */
export const SERVERS_VARIABLE = 'DATAFOLD_SERVERS';

/** A Datafold instance that an API key may be sent to. */
export interface PinnedDatafold {
  readonly host: string;
  /** The name of the API key's secret, if it is known at synth. */
  readonly apiKey?: string;
}

/** A server that a sql-runner may connect to. */
export interface PinnedServer {
  /** A host name, or `cluster/NAME` or `instance/NAME` for a server whose host is looked up in RDS. */
  readonly at: string;
  readonly port: string;
  readonly tls: string;
  /** The `certificateKey` of the certificate authorities; `ANY_CERTIFICATE` if only CloudFormation knows them. */
  readonly ca?: string;
}

/** The administrator that logs in to a server, and the role to manage. */
export interface PinnedWork {
  /** The secret of the administrator; absent if a DBA runs the SQL. */
  readonly admin?: string;
  /** The role; absent for work that concerns no role. */
  readonly role?: string;
  /** For a rotation: the secret of the role's password, as `withoutRandomParts` returns its name. */
  readonly rotatedSecret?: string;
}

/** The pin of certificates that are not known at synth. */
export const ANY_CERTIFICATE = '*';

/** Returns the pin of a server. */
export function serverPin({ at, port, tls, ca = '' }: PinnedServer): string {
  return [at, port, tls === 'verify-full' ? '' : tls, ca].join('|');
}

/** Returns the pin of an administrator and a role on a server. */
export function workPin(server: PinnedServer, { admin = '', role = '', rotatedSecret }: PinnedWork): string {
  const pin = [serverPin(server), admin, role].join('|');
  return rotatedSecret === undefined ? pin : ['rotation', rotatedSecret, pin].join('|');
}

/**
 * Returns the name in the ARN of a secret with `*` for its random parts: those of a name that the app gives, and those of a name that
 * CloudFormation generates from the logical id. With the whole name, the function would depend on the secret.
 */
export function withoutRandomParts(name: string): string[] {
  return [name.replace(/-[^-]*$/, '-*'), name.replace(/-[^-]*-[^-]*$/, '-*-*')];
}

/** Returns the hash of a pin that is known at synth. */
export function hashedPin(pin: string): string {
  return `#${createHash('sha256').update(pin).digest('base64url').slice(0, 22)}`;
}

/** Returns the hash of the certificate authorities that a server is verified with. */
export function certificateKey(certificates: string): string {
  return createHash('sha256').update(certificates.trim()).digest('base64url').slice(0, 22);
}

/** The index of a secret's name among the parts of its ARN. */
export const SECRET_NAME_PART = 6;

/** Returns the name in the ARN of a secret; returns a plain name unchanged. */
export function secretKey(secret: string): string {
  return secret.split(':').slice(SECRET_NAME_PART).join(':') || secret;
}
