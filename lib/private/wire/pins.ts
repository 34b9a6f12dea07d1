import { createHash } from 'node:crypto';

/**
 * What the app knows, in the environment of its functions: an event from elsewhere can't redirect a secret.
 *
 * Lambda takes 4 kB for all variables of a function together, so what is known at synth is a hash there; what only
 * CloudFormation knows is there as it is.
 */

/** The stack that the provisioner answers for; without it the provisioner does nothing. */
export const STACK_VARIABLE = 'DATAFOLD_STACK';
/** `amazonaws.com`, or what it is in another partition. */
export const URL_SUFFIX_VARIABLE = 'DATAFOLD_URL_SUFFIX';
/** `PinnedDatafold[]` as JSON. */
export const DATAFOLD_VARIABLE = 'DATAFOLD_HOSTS';
/** Pins of servers, a JSON list of texts; without it the sql-runner connects to nothing. */
export const SERVERS_VARIABLE = 'DATAFOLD_SERVERS';

/** A Datafold that an API key may be sent to. */
export interface PinnedDatafold {
  readonly host: string;
  /** The secret of its API key, by name, where that is known at synth. */
  readonly apiKey?: string;
}

/** A server that a sql-runner may connect to. */
export interface PinnedServer {
  /** A host name, or `cluster/NAME`, `instance/NAME` where RDS is asked for it. */
  readonly at: string;
  readonly port: string;
  readonly tls: string;
  /** What `certificateKey` makes of the authorities; `ANY_CERTIFICATE` where only CloudFormation knows them. */
  readonly ca?: string;
}

/** Who logs in there as the administrator, for which role. */
export interface PinnedWork {
  /** The secret of the administrator; absent where a DBA runs the SQL. */
  readonly admin?: string;
  /** Absent for work that is about no role. */
  readonly role?: string;
}

export const ANY_CERTIFICATE = '*';

/** The pin of a server, and of work on it. */
export function serverPin({ at, port, tls, ca = '' }: PinnedServer): string {
  return [at, port, tls === 'verify-full' ? '' : tls, ca].join('|');
}

export function workPin(server: PinnedServer, { admin = '', role = '' }: PinnedWork): string {
  return [serverPin(server), admin, role].join('|');
}

/** In place of a pin, where it is known at synth. */
export function hashedPin(pin: string): string {
  return `#${createHash('sha256').update(pin).digest('base64url').slice(0, 22)}`;
}

/** What stands for the authorities that a server is checked by. */
export function certificateKey(certificates: string): string {
  return createHash('sha256').update(certificates.trim()).digest('base64url').slice(0, 22);
}

/** Where the name of a secret begins in its ARN. */
export const SECRET_NAME_PART = 6;

/** The name in the ARN of a secret; a mere name is its own. */
export function secretKey(secret: string): string {
  return secret.split(':').slice(SECRET_NAME_PART).join(':') || secret;
}
