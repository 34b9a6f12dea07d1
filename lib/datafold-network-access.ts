import type { Construct } from 'constructs';
import { DatafoldAllowlist } from './datafold-allowlist';
import type { AllowlistOptions } from './datafold-allowlist-props';
import { DatafoldPrivateLink } from './datafold-private-link';
import type { FunctionProps } from './function-options';
import type { PostgresServer } from './postgres-server';
import { throwIfAny } from './private/problems';
import type { NetworkPathKind, NetworkPathProperties } from './private/wire/resources';
import { hostProblems, portProblems } from './private/server/endpoint-rules';
import type { PrivateLinkOptions, PrivateLinkServerOptions } from './private-link-props';

/** Below the 350 seconds after which a Network Load Balancer drops an idle connection. */
const KEEP_ALIVE_SECONDS = 240;

/**
 * The address at which Datafold reaches a server over an existing network path.
 */
export interface ExistingPathOptions {
  /**
   * The host name or address that Datafold connects to, such as the end of an SSH tunnel.
   *
   * The server's certificate is not valid for this name, so Datafold verifies only its certificate authority (`SslMode.VERIFY_CA`).
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

/** An open network path: its constructs, and the server with the address at which Datafold reaches it. */
interface OpenedPath {
  readonly kind: NetworkPathKind;
  /** Whether Datafold can connect, as an attribute of a resource or a text. */
  readonly status: string;
  readonly server: PostgresServer;
  readonly privateLink?: DatafoldPrivateLink;
  readonly allowlist?: DatafoldAllowlist;
  /** What a reconciliation inspects; undefined if another stack has the path. */
  readonly inspected?: NetworkPathProperties;
}

/** The server that a network path is opened for. */
interface PathRequest extends FunctionProps {
  readonly server: PostgresServer;
  /** The URL of Datafold, if it is known. */
  readonly datafoldUrl?: string;
}

/**
 * The network path over which Datafold reaches a server.
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
   * AWS PrivateLink, with an internal Network Load Balancer and an endpoint service for this server alone.
   *
   * @param options who may connect; Datafold's support names the principals and ranges
   */
  public static privateLink(options: PrivateLinkOptions): DatafoldNetworkAccess {
    return new DatafoldNetworkAccess((scope, { server, functions }) => {
      const props = { ...options, server, functions };
      const privateLink = new DatafoldPrivateLink(scope, 'PrivateLink', props);
      return {
        kind: 'private-link',
        status: privateLink.networkStatus,
        privateLink,
        inspected: privateLink._pathTo(scope, server),
        server: server._reachedBy({ keepAliveSeconds: KEEP_ALIVE_SECONDS }),
      };
    });
  }

  /**
   * AWS PrivateLink, with the load balancer and the endpoint service of another server in the same VPC.
   *
   * @param link the PrivateLink of the other server
   * @param options the port of the load balancer for this server
   */
  public static sharedPrivateLink(
    link: DatafoldPrivateLink,
    options: PrivateLinkServerOptions = {},
  ): DatafoldNetworkAccess {
    return new DatafoldNetworkAccess((scope, { server }) => {
      link.addServer(server, options);
      const { port } = options;
      const path = { ...(port && { datafoldPort: port }), keepAliveSeconds: KEEP_ALIVE_SECONDS };
      return {
        kind: 'private-link',
        status: link.networkStatus,
        privateLink: link,
        inspected: link._pathTo(scope, server),
        server: server._reachedBy(path),
      };
    });
  }

  /**
   * Security group rules for Datafold's addresses, for a publicly accessible server.
   *
   * @param options the addresses
   */
  public static allowlist(options: AllowlistOptions = {}): DatafoldNetworkAccess {
    return new DatafoldNetworkAccess((scope, { server, datafoldUrl, functions }) => {
      const props = { datafoldUrl, ...options, server, functions };
      const allowlist = new DatafoldAllowlist(scope, 'Allowlist', props);
      const { networkStatus: status, _path: inspected } = allowlist;
      return { kind: 'allowlist', status, allowlist, inspected, server };
    });
  }

  /**
   * An existing network path that this library does not manage: VPC peering, a VPN, a proxy or an SSH tunnel.
   *
   * @param options the address at which Datafold reaches the server
   */
  public static existing(options: ExistingPathOptions = {}): DatafoldNetworkAccess {
    return new DatafoldNetworkAccess((scope, { server }) => {
      const { host, port } = options;
      throwIfAny(scope, [
        ...hostProblems('networkAccess.host', host),
        ...(port === undefined ? [] : portProblems('networkAccess.port', port)),
      ]);
      return {
        kind: 'existing',
        status: 'declared: this library does not manage the path, so it is not checked',
        inspected: { kind: 'declared' },
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
