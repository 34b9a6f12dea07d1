import {
  ANY_CERTIFICATE,
  certificateKey,
  hashedPin,
  type PinnedServer,
  secretKey,
  serverPin,
  SERVERS_VARIABLE,
  workPin,
} from '../../private/wire/pins';
import {
  NOT_PINNED,
  type RoleRequest,
  type ServerAddress,
  type SqlRequest,
  type UndoesPreviousWork,
} from '../../private/wire/sql';
import { SqlRunnerError } from './errors';

type AnyRequest = SqlRequest | RoleRequest;

/** The pins that this function was deployed with: none where nobody says so. */
export function pinsOf(environment: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  return JSON.parse(environment[SERVERS_VARIABLE] ?? '[]') as string[];
}

/**
 * Fails for a request that this function was not deployed for: another server, other TLS, another administrator or role.
 *
 * Previous work may be undone nevertheless: its server may have left the app since.
 */
export function assertPinned(request: AnyRequest, pins: readonly string[]): void {
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
    `The sql-runner was not deployed for this ${request.operation} on ${host}:${port}: host, port, TLS, CA certificate, admin secret or role are other ones. If a deployment asks for it, deploy constructs and functions of the same release; else somebody invokes the functions, which CloudTrail names (lambda:InvokeFunction), and should not be allowed to.`,
    NOT_PINNED,
  );
}

function isAmong(pins: readonly string[], pin: string): boolean {
  return pins.includes(pin) || pins.includes(hashedPin(pin));
}

/**
 * By which pins a server may be known. Where RDS was asked, the host is a name of the server in this account, which begins with
 * its identifier.
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

/** Whose login the request holds, and the role that it is about; undefined where the role itself logs in. */
function worksIn(request: AnyRequest) {
  switch (request.operation) {
    case 'apply':
    case 'plan':
    case 'remove':
      return byAdmin(request.admin.secret, request.access.roleName);
    case 'set-password':
    case 'try-password':
      return byAdmin(request.admin.secret, request.roleName);
    case 'exclude-from-log':
      return byAdmin(request.admin.secret);
    default:
      return undefined;
  }
}

/** By name or by ARN: CloudFormation can't take every ARN apart. */
function byAdmin(secret = '', role?: string) {
  return [secretKey(secret), secret].map((admin) => ({ admin, role }));
}

function isUndone(request: AnyRequest): boolean {
  const { operation, confirmed } = request as UndoesPreviousWork & Pick<AnyRequest, 'operation'>;
  return confirmed === true && (operation === 'remove' || operation === 'exclude-from-log');
}
