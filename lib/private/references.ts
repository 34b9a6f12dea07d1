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
const RDS_CERTIFICATES = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';

/** Returns the commands that run psql as the administrator. It verifies the server; without `sslrootcert` it finds no authorities. */
export function psqlCommands(database: string, options: string): string[] {
  return [
    `curl -O ${RDS_CERTIFICATES}`,
    `psql "host=HOST dbname=${database} user=ADMIN sslmode=verify-full sslrootcert=global-bundle.pem" ${options}`,
  ];
}
