/** A kind of server that is not supported. */
export type UnsupportedServer =
  | 'multi-az-db-cluster'
  | 'serverless-v1'
  | 'limitless'
  | 'express'
  | 'global-secondary'
  | 'replica'
  | 'cluster-member';

const REASONS: Readonly<Record<UnsupportedServer, string>> = {
  'multi-az-db-cluster':
    'is a Multi-AZ DB cluster of RDS for PostgreSQL, which is not supported. Use an Aurora PostgreSQL cluster or an instance of RDS for PostgreSQL (a Multi-AZ instance will do); or give its writer endpoint to PostgresServer.endpoint, which sets up the role but no lineage',
  'serverless-v1':
    'is Aurora Serverless v1, which is not supported. Convert it to a provisioned cluster or to Aurora Serverless v2',
  limitless:
    'is an Aurora PostgreSQL Limitless Database, which is not supported: its routers and shards have logs of their own. Use an Aurora PostgreSQL cluster without shards',
  express:
    'was made with the express configuration, which is not supported: it has no network interface in a VPC and takes IAM authentication, and Datafold logs in with a password. Use an Aurora PostgreSQL cluster in a VPC',
  'global-secondary':
    'is a secondary cluster of an Aurora global database. It takes no writes, so no role can be made there, and its log has no statements that lineage is derived from. Use the primary cluster, in a stack of its region; the secondary gets role and grants from it',
  replica:
    'is a read replica. It takes no writes, so no role can be made there, and its log has no statements that lineage is derived from. Use its source; the replica gets role and grants from it',
  'cluster-member':
    'belongs to a cluster, which has the parameter group and the log. Use PostgresServer.auroraCluster with that cluster',
};

/** Returns why the server is not supported, and what to use instead; `subject` names the server, such as "the cluster shop". */
export function unsupportedReason(kind: UnsupportedServer, subject: string): string {
  return `${subject} ${REASONS[kind]}`;
}
