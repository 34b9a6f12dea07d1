import assert from 'node:assert/strict';
import { Client } from 'pg';
import type { DataSource, World } from './world';

/** A look of the function that began before a deletion may read once more after its permissions are gone; it changes nothing. */
export const LATE_LOOK: readonly RegExp[] = [
  /^IAM .*assumed-role\/\S*DatafoldProvisioner\S* is not authorized to perform: (cloudformation:DescribeStackResource|rds:DescribeDB\w+|elasticloadbalancing:Describe(TargetHealth|Tags)|ec2:DescribeVpcs) /,
];

/** Logs in as Datafold does: by the host name of RDS, which leads to the load balancer, with its certificate checked. */
export async function connectThroughBalancer({ lab }: World, { options }: DataSource): Promise<Client> {
  const { ssl } = await lab.reach(options.host);
  const { host, user, password, dbname: database } = options;
  const port = await lab.balancerPort(options.port);
  const client = new Client({
    host: '127.0.0.1',
    port,
    user,
    password,
    database,
    ssl,
    connectionTimeoutMillis: 20_000,
  });
  client.on('error', () => undefined);
  assert.equal((ssl as { servername: string }).servername, host);
  await client.connect();
  return client;
}

/** Resolves when the server or the load balancer ends the session. */
export async function endOf(session: Client): Promise<unknown> {
  return new Promise((resolve) => session.once('error', resolve).once('end', () => resolve('end')));
}

/** Writes through the load balancer; fails if it does not lead to the writer. */
export async function writeThroughBalancer(world: World, source: DataSource): Promise<true> {
  const client = await connectThroughBalancer(world, source);
  try {
    await client.query('CREATE TABLE datafold_tmp.after_failover (a int)');
    await client.query('DROP TABLE datafold_tmp.after_failover');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
