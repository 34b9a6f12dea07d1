import type { Construct } from 'constructs';
import { DatafoldAllowlist } from './datafold-allowlist';
import type { AllowlistOptions } from './datafold-allowlist-props';
import { DatafoldPrivateLink } from './datafold-private-link';
import type { FunctionProps } from './function-options';
import type { PostgresServer } from './postgres-server';
import { throwIfAny } from './private/problems';
import { hostProblems, portProblems } from './private/server/endpoint-rules';
import type { PrivateLinkOptions, PrivateLinkServerOptions } from './private-link-props';

/** Below the 350 seconds after which a load balancer forgets a connection that nobody uses. */
const KEEP_ALIVE_SECONDS = 240;

/**
 * By which address Datafold reaches a server, where a network path exists already.
 */
export interface ExistingPathOptions {
  /**
   * The host name or address that Datafold connects to, such as the end of an SSH tunnel.
   *
   * The certificate of the server is for another name, so Datafold checks its authority alone (`SslMode.VERIFY_CA`).
   *
   * @default - the host of the server
   */
  readonly host?: string;

  /**
   * The port that Datafold connects to.
   *
   * @default - the port of the server
   */
  readonly port?: number;
}

/** A network path that was opened: what there is of it, and the server as Datafold reaches it. */
interface OpenedPath {
  readonly server: PostgresServer;
  readonly privateLink?: DatafoldPrivateLink;
  readonly allowlist?: DatafoldAllowlist;
}

/** What a path is opened for. */
interface PathRequest extends FunctionProps {
  readonly server: PostgresServer;
  /** Where Datafold is, if it is known. */
  readonly datafoldUrl?: string;
}

/**
 * The network path by which Datafold reaches a server.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 *
 * new DatafoldPostgres(this, 'Datafold', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app' }],
 *   networkAccess: DatafoldNetworkAccess.privateLink({
 *     allowedPrincipals: ['arn:aws:iam::123456789012:role/datafold'],
 *     clientCidrs: ['10.20.0.0/16'],
 *   }),
 * });
 */
export class DatafoldNetworkAccess {
  /**
   * An internal load balancer and an endpoint service of AWS PrivateLink, for this server alone.
   *
   * @param options who may connect, as Datafold says
   */
  public static privateLink(options: PrivateLinkOptions): DatafoldNetworkAccess {
    return new DatafoldNetworkAccess((scope, { server, functions }) => {
      const props = { ...options, server, functions };
      const privateLink = new DatafoldPrivateLink(scope, 'PrivateLink', props);
      return { privateLink, server: server._reachedBy({ keepAliveSeconds: KEEP_ALIVE_SECONDS }) };
    });
  }

  /**
   * The load balancer and the endpoint service of another server in the same VPC.
   *
   * @param link the PrivateLink
   * @param options by which port
   */
  public static sharedPrivateLink(
    link: DatafoldPrivateLink,
    options: PrivateLinkServerOptions = {},
  ): DatafoldNetworkAccess {
    return new DatafoldNetworkAccess((_, { server }) => {
      link.addServer(server, options);
      const { port } = options;
      const path = { ...(port && { datafoldPort: port }), keepAliveSeconds: KEEP_ALIVE_SECONDS };
      return { privateLink: link, server: server._reachedBy(path) };
    });
  }

  /**
   * The addresses of Datafold in the security groups of a server that is publicly accessible.
   *
   * @param options from which addresses
   */
  public static allowlist(options: AllowlistOptions = {}): DatafoldNetworkAccess {
    return new DatafoldNetworkAccess((scope, { server, datafoldUrl }) => {
      const allowlist = new DatafoldAllowlist(scope, 'Allowlist', { datafoldUrl, ...options, server });
      return { allowlist, server };
    });
  }

  /**
   * A network path that somebody else sees to: VPC peering, a VPN, a proxy, an SSH tunnel.
   *
   * @param options by which address Datafold reaches the server
   */
  public static existing(options: ExistingPathOptions = {}): DatafoldNetworkAccess {
    return new DatafoldNetworkAccess((scope, { server }) => {
      const { host, port } = options;
      throwIfAny(scope, [
        ...hostProblems('networkAccess.host', host),
        ...(port === undefined ? [] : portProblems('networkAccess.port', port)),
      ]);
      return {
        server: server._reachedBy({
          ...(host && { datafoldHost: host }),
          ...(port && { datafoldPort: port }),
        }),
      };
    });
  }

  /** @internal */
  public readonly _open: (scope: Construct, request: PathRequest) => OpenedPath;

  private constructor(open: (scope: Construct, request: PathRequest) => OpenedPath) {
    this._open = open;
  }
}
