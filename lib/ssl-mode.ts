/**
 * How Datafold checks the server's certificate (`sslmode` of libpq).
 */
export enum SslMode {
  /**
   * TLS if the server has it; the certificate is not checked.
   */
  PREFER = 'prefer',

  /**
   * TLS always; the certificate is not checked.
   */
  REQUIRE = 'require',

  /**
   * TLS always, with a certificate of a trusted authority.
   */
  VERIFY_CA = 'verify-ca',

  /**
   * TLS always, with a certificate of a trusted authority for this host name.
   */
  VERIFY_FULL = 'verify-full',
}
