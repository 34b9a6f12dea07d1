/**
 * How Datafold verifies the server's certificate (`sslmode` of libpq).
 */
export enum SslMode {
  /**
   * TLS if the server supports it; the certificate is not verified.
   */
  PREFER = 'prefer',

  /**
   * Always TLS; the certificate is not verified.
   */
  REQUIRE = 'require',

  /**
   * Always TLS, with a certificate of a trusted certificate authority.
   */
  VERIFY_CA = 'verify-ca',

  /**
   * Always TLS, with a certificate of a trusted certificate authority for the host name of the server.
   */
  VERIFY_FULL = 'verify-full',
}
