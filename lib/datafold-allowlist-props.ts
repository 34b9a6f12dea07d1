import type { PostgresServer } from './postgres-server';

/**
 * From which addresses Datafold connects.
 */
export interface AllowlistOptions {
  /**
   * The IPv4 addresses that Datafold connects from.
   *
   * For eu.datafold.com and dedicated clouds they are not published: ask the support of Datafold.
   *
   * @default - the six of app.datafold.com
   */
  readonly addresses?: string[];

  /**
   * Where your Datafold is, such as https://app.datafold.com: that of the `registration`, where there is one.
   *
   * @default https://app.datafold.com
   */
  readonly datafoldUrl?: string;

  /**
   * Whether the addresses are a prefix list of their own, which other security groups can name too.
   *
   * @default false
   */
  readonly prefixList?: boolean;
}

/**
 * The addresses of Datafold in the security groups of a server.
 */
export interface DatafoldAllowlistProps extends AllowlistOptions {
  /**
   * The server, which must be publicly accessible: nothing is made public by this library.
   */
  readonly server: PostgresServer;
}
