import { aws_ec2 as ec2, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { identityOf, shortHash } from '../identity';
import { portIdentity } from '../server/imported';
import type { ServerSpec } from '../server/server-spec';

/** The scope of the rules in a stack. */
const ID = 'DatafoldAllowedAddresses';

/**
 * The step of the maximum size of a prefix list.
 *
 * EC2 changes either the entries or the maximum size in one request. With steps, most changes of the entries keep the size.
 */
const ENTRIES_STEP = 10;

/**
 * Adds an inbound rule for each security group of a server and each address.
 *
 * Servers of a stack with the same security group and port share the rules, since EC2 rejects duplicate rules.
 */
export function allowAddresses(
  scope: Construct,
  server: ServerSpec,
  addresses: readonly string[],
): ec2.CfnSecurityGroupIngress[] {
  const sources = addresses.map((address) => ({ source: address, property: { cidrIp: `${address}/32` } }));
  return rulesFor(scope, server, sources);
}

/** Adds an inbound rule for each security group of a server and a prefix list. */
export function allowPrefixList(
  scope: Construct,
  server: ServerSpec,
  { prefixListId }: ec2.IPrefixList,
): ec2.CfnSecurityGroupIngress[] {
  const property = { sourcePrefixListId: prefixListId };
  return rulesFor(scope, server, [{ source: prefixListId, property }]);
}

/** Creates a prefix list; another maximum size makes another prefix list. */
export function prefixListOf(scope: Construct, addresses: readonly string[]): ec2.PrefixList {
  const different = [...new Set(addresses)];
  const maxEntries = Math.ceil(different.length / ENTRIES_STEP) * ENTRIES_STEP;
  return new ec2.PrefixList(scope, `Addresses${maxEntries}`, {
    addressFamily: ec2.AddressFamily.IP_V4,
    maxEntries,
    entries: different.map((address) => ({ cidr: `${address}/32`, description: 'Datafold' })),
  });
}

function rulesFor(
  scope: Construct,
  server: ServerSpec,
  sources: readonly { readonly source: string; readonly property: object }[],
): ec2.CfnSecurityGroupIngress[] {
  const stack = Stack.of(scope);
  const home = (stack.node.tryFindChild(ID) as Construct | undefined) ?? new Construct(stack, ID);
  const port = portIdentity(scope, server);
  const rules = server.network.serverSecurityGroups.flatMap(({ securityGroupId }) =>
    sources.map(({ source, property }) => {
      const hash = shortHash([identityOf(scope, securityGroupId), port, identityOf(scope, source)]);
      const id = Token.isUnresolved(source) ? hash : `${source}-${hash}`;
      const known = home.node.tryFindChild(id) as ec2.CfnSecurityGroupIngress | undefined;
      return (
        known ??
        new ec2.CfnSecurityGroupIngress(home, id, {
          groupId: securityGroupId,
          description: 'Datafold',
          ipProtocol: 'tcp',
          fromPort: server.port,
          toPort: server.port,
          ...property,
        })
      );
    }),
  );
  return [...new Set(rules)];
}
