/** The pages that messages refer to. */
type Page =
  | 'existing-server'
  | 'migrating'
  | 'network'
  | 'no-code'
  | 'removal'
  | 'supported-servers'
  | 'troubleshooting';

/**
 * Returns the address of a page of the documentation.
 *
 * The npm package does not contain the pages, so the name of a file says nothing to the reader of a message.
 */
export function documentation(page: Page): string {
  return `https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/${page}.md`;
}

/** The certificates of all authorities of RDS (RDS user guide, "Using SSL/TLS to encrypt a connection to a DB instance or cluster"). */
export const RDS_CERTIFICATES = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';

/** How psql verifies the server, with `RDS_CERTIFICATES` in this folder; without `sslrootcert` it finds no authorities. */
export const PSQL_TLS = 'sslmode=verify-full sslrootcert=global-bundle.pem';
