/**
 * The tag of a target group that names the server behind it.
 *
 * Only CloudFormation writes the tag, so a forged event cannot point the load balancer to another server.
 */
export const SERVER_TAG = 'cdk-datafold-postgres:server';

/** A server behind a load balancer. */
export interface TaggedServer {
  /** The VPC of its addresses. */
  readonly vpcId: string;
  /** Its name in RDS; absent for any other server. */
  readonly rds?: { readonly kind: 'cluster' | 'instance'; readonly identifier: string };
  /** The host name of a server outside of RDS. */
  readonly host?: string;
  readonly port: string | number;
}

/** Returns the value of the tag, such as `vpc-0123456789abcdef0 cluster/shop:5432`. */
export function serverTag({ vpcId, rds, host, port }: TaggedServer): string {
  return `${vpcId} ${rds ? `${rds.kind}/${rds.identifier}` : host}:${port}`;
}
