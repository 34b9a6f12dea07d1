import { nameOf } from '../aws/rds-ports';
import type { Target } from '../aws/private-link-ports';
import type { Ask, Run } from '../aws/run';
import { SERVER_TAG, serverTag } from '../../../private/wire/target-tag';
import { Failure, PreconditionFailed } from '../runtime/failure';
import { invokeSqlRunner } from '../sql-client/invoke';
import { findServer, NoServer } from '../sql-client/server-address';
import { outsideOf, targetChanges, writerOf } from './decide';
import type { PrivateLinkTargets } from './properties';

/** Makes the addresses of the writer the only targets and returns the targets. Idempotent. */
export async function followWriter(
  run: Run,
  desired: PrivateLinkTargets,
  ask: Ask,
): Promise<readonly Target[]> {
  const { targetGroupArn, server } = desired;
  const { targetGroups } = run.aws;
  const host = await findHost(run, desired, ask);
  const named =
    host === undefined ? [] : await ask(`addresses of ${host}`, () => run.aws.names.addressesOf(host));
  const readTargets = () => ask('targets', () => targetGroups.targetsOf(targetGroupArn));
  const registered = await readTargets();
  if (host === undefined || named.length === 0) return registered;

  const changes = targetChanges(named, server.port, registered);
  if (changes.register.length + changes.deregister.length === 0) return registered;
  await assertServerOf(run, desired, ask);
  const addresses = changes.register.length > 0 ? await insideVpc(run, desired, host, named, ask) : named;
  const { register, deregister } = targetChanges(addresses, server.port, registered);
  // The new target is registered first: without targets a load balancer refuses connections.
  if (register.length > 0) {
    await ask(`registering ${register.join(', ')}`, () => targetGroups.register(targetGroupArn, register));
    run.log.info('registered', { targetGroupArn, host, addresses: register.join(', ') });
  }
  if (deregister.length > 0) {
    const previous = deregister.map(({ address }) => address);
    await ask(`deregistering ${previous.join(', ')}`, () =>
      targetGroups.deregister(targetGroupArn, deregister),
    );
    run.log.info('deregistered', { targetGroupArn, addresses: previous.join(', ') });
  }
  return register.length + deregister.length > 0 ? readTargets() : registered;
}

/** Fails unless the server is the one that CloudFormation tagged the target group with: an event can name any server. */
async function assertServerOf(run: Run, desired: PrivateLinkTargets, ask: Ask): Promise<void> {
  const { targetGroupArn, vpcId, rds, server } = desired;
  const host = 'host' in server.at ? server.at.host : undefined;
  const named = serverTag({ vpcId, rds, host, port: server.port });
  const tags = await ask('tags of the target group', () => run.aws.targetGroups.tagsOf(targetGroupArn));
  const tagged = tags[SERVER_TAG];
  if (tagged === named) return;
  const found = tagged === undefined ? `has no tag ${SERVER_TAG}` : `is of ${tagged}`;
  throw new PreconditionFailed(
    `No target is changed: the target group ${targetGroupArn} ${found}, not of ${named}. If somebody changed the tag, set it to that and deploy again; else somebody invokes the provisioner, which CloudTrail names (lambda:InvokeFunction), and should not be allowed to.`,
  );
}

/**
 * Returns the host name of the writer; undefined while there is none.
 *
 * The writer instance of a cluster is resolved by its own name: the endpoint of the cluster leads to the previous writer for a while after a
 * failover (aws-advanced-jdbc-wrapper, AuroraStaleDnsPlugin).
 */
async function findHost(
  run: Run,
  { rds, server }: PrivateLinkTargets,
  ask: Ask,
): Promise<string | undefined> {
  if (!rds) return 'host' in server.at ? server.at.host : undefined;
  const name = nameOf(rds);
  const missing = new NoServer(
    `RDS has no ${name} in this account and region, so no address can be registered. Check the identifier, then deploy again.`,
    name,
  );
  if (rds.kind === 'instance') {
    const found = await ask(`endpoint of ${name}`, () => run.aws.rds.find(rds));
    if (!found) throw missing;
    return found.host;
  }
  const cluster = await ask(`members of ${name}`, () => run.aws.rds.find(rds));
  if (!cluster) throw missing;
  const identifier = writerOf(cluster.members);
  if (identifier === undefined) return undefined;
  const writer = { kind: 'instance', identifier } as const;
  return (await ask(`endpoint of instance ${identifier}`, () => run.aws.rds.find(writer)))?.host;
}

/** Returns the private addresses of a server. Those of a publicly accessible server are resolved by the sql-runner in the VPC. */
async function insideVpc(
  run: Run,
  { vpcId, server, sqlRunner }: PrivateLinkTargets,
  host: string,
  named: readonly string[],
  ask: Ask,
): Promise<readonly string[]> {
  const ranges = await ask(`ranges of ${vpcId}`, () => run.aws.endpointServices.rangesOf(vpcId));
  if (outsideOf(ranges, named).length === 0) return named;
  const address = await findServer(run, server);
  const request = { operation: 'resolve', server: address, host } as const;
  const { addresses } = await invokeSqlRunner(run, sqlRunner, request);
  const outside = outsideOf(ranges, addresses);
  if (outside.length === 0 && addresses.length > 0) return addresses;
  const found = outside.length > 0 ? outside.join(', ') : 'no address';
  throw new Failure(
    `${host} is ${found} in the VPC ${vpcId}, whose ranges are ${ranges.join(', ')}: only an address of the VPC can be registered. Check that the server is in this VPC, and that the VPC has DNS hostnames and DNS resolution enabled.`,
  );
}
