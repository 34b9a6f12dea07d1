import {
  ANY_CERTIFICATE,
  certificateKey,
  hashedPin,
  type PinnedServer,
  type PinnedWork,
  secretKey,
  serverPin,
  SERVERS_VARIABLE,
  withoutRandomParts,
  workPin,
} from '../../private/wire/pins';
import type { ServerAddress, SqlRequest, UndoesPreviousWork } from '../../private/wire/sql';
import { SqlRunnerError } from './errors';
import { NOT_PINNED } from './sqlstates';

/** Reads the pins that this function was deployed with. */
export function pinsOf(environment: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  return JSON.parse(environment[SERVERS_VARIABLE] ?? '[]') as string[];
}

/**
 * Fails for a request that this function was not deployed for: another server, other TLS settings, another administrator or role, or
 * a rotation with another secret of the role's password.
 *
 * Requests that undo previous work pass, because the server may have been removed from the app since.
 */
export function assertPinned(request: SqlRequest, pins: readonly string[]): void {
  if (isUndone(request)) return;
  const servers = serversIn(request.server);
  const desired = worksIn(request);
  const known = servers.some((server) =>
    desired
      ? desired.some((work) => isAmong(pins, workPin(server, work)))
      : isAmong(pins, serverPin(server)) || pins.some((pin) => pin.startsWith(`${serverPin(server)}|`)),
  );
  if (known) return;
  const { host, port } = request.server;
  throw new SqlRunnerError(
    `The sql-runner was not deployed for this ${request.operation} on ${host}:${port}: host, port, TLS, CA certificate, admin secret, role or password secret differ. If a deployment sent the request, deploy constructs and functions of the same release. Otherwise find the caller in CloudTrail (lambda:InvokeFunction) and revoke its permission to invoke the functions.`,
    NOT_PINNED,
  );
}

function isAmong(pins: readonly string[], pin: string): boolean {
  return pins.includes(pin) || pins.includes(hashedPin(pin));
}

/**
 * Returns the pins that may stand for a server. If the address came from RDS, the host name must begin with the identifier of a
 * server in this account.
 */
function serversIn({ host, port, tls, caCertificate, lookup }: ServerAddress): PinnedServer[] {
  const found = !lookup || host.toLowerCase().startsWith(`${lookup.identifier.toLowerCase()}.`);
  if (!found) return [];
  const name = lookup ? `${lookup.kind}/${lookup.identifier}` : host;
  const own = caCertificate === undefined ? undefined : certificateKey(caCertificate);
  return [name.toLowerCase(), name].flatMap((at) =>
    [own, ANY_CERTIFICATE].map((ca) => ({ at, port: String(port), tls, ca })),
  );
}

/** Returns the administrator and role of a request; undefined if the role itself logs in. */
function worksIn(request: SqlRequest): PinnedWork[] | undefined {
  switch (request.operation) {
    case 'apply':
    case 'plan':
    case 'remove':
      return byAdmin(request.admin.secret, request.access.roleName);
    case 'set-password':
    case 'try-password':
      return withoutRandomParts(secretKey(request.passwordSecret)).flatMap((rotatedSecret) =>
        byAdmin(request.admin.secret, request.roleName).map((work) => ({ ...work, rotatedSecret })),
      );
    case 'exclude-from-log':
      return byAdmin(request.admin.secret);
    default:
      return undefined;
  }
}

/** A pin names the secret by name or ARN: CloudFormation cannot split every ARN. */
function byAdmin(secret = '', role?: string): PinnedWork[] {
  return [secretKey(secret), secret].map((admin) => ({ admin, role }));
}

function isUndone(request: SqlRequest): boolean {
  const { operation, confirmed } = request as UndoesPreviousWork & Pick<SqlRequest, 'operation'>;
  return confirmed === true && (operation === 'remove' || operation === 'exclude-from-log');
}
