import * as ec2 from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Lab } from './lab';
import { rulesOf } from './scheduled-task';
import type { World } from './world';

/** The network of an emulator with all settings and identifiers, as sorted lines: equal only if nothing was changed or replaced. */
export async function networkState({ cloud, aws, lab }: World): Promise<string[]> {
  const balancing = new elb.ElasticLoadBalancingV2Client(cloud.client(cloud.region));
  const parts = [
    securityGroups(aws.ec2),
    prefixLists(aws.ec2),
    endpointServices(aws.ec2),
    loadBalancers(balancing),
    targetGroups(balancing),
    rules(lab),
  ];
  return (await Promise.all(parts)).flat().sort();
}

async function securityGroups(client: ec2.EC2Client): Promise<string[]> {
  const { SecurityGroups = [] } = await client.send(new ec2.DescribeSecurityGroupsCommand({}));
  return SecurityGroups.flatMap(({ GroupId, IpPermissions = [], IpPermissionsEgress = [] }) =>
    [...IpPermissions, ...IpPermissionsEgress].flatMap((rule) =>
      [...(rule.IpRanges ?? []), ...(rule.PrefixListIds ?? []), ...(rule.UserIdGroupPairs ?? [])].map(
        (peer) => line('rule', GroupId, rule.IpProtocol, rule.FromPort, rule.ToPort, peer),
      ),
    ),
  );
}

async function prefixLists(client: ec2.EC2Client): Promise<string[]> {
  const { PrefixLists = [] } = await client.send(new ec2.DescribeManagedPrefixListsCommand({}));
  const own = PrefixLists.filter(({ OwnerId, State }) => OwnerId !== 'AWS' && State !== 'delete-complete');
  const lines: string[] = [];
  for (const { PrefixListId, PrefixListName, MaxEntries } of own) {
    const { Entries = [] } = await client.send(new ec2.GetManagedPrefixListEntriesCommand({ PrefixListId }));
    lines.push(line('prefix list', PrefixListId, PrefixListName, MaxEntries, ...Entries));
  }
  return lines;
}

async function endpointServices(client: ec2.EC2Client): Promise<string[]> {
  const all = await client.send(new ec2.DescribeVpcEndpointServiceConfigurationsCommand({}));
  const lines: string[] = [];
  for (const one of all.ServiceConfigurations ?? []) {
    const { ServiceId } = one;
    const allowed = await client.send(new ec2.DescribeVpcEndpointServicePermissionsCommand({ ServiceId }));
    const principals = (allowed.AllowedPrincipals ?? []).map(({ Principal }) => Principal).sort();
    lines.push(
      line(
        'endpoint service',
        ServiceId,
        one.AcceptanceRequired,
        one.ServiceState,
        one.NetworkLoadBalancerArns,
        principals,
      ),
    );
  }
  return lines;
}

async function loadBalancers(client: elb.ElasticLoadBalancingV2Client): Promise<string[]> {
  const { LoadBalancers = [] } = await client.send(new elb.DescribeLoadBalancersCommand({}));
  const lines: string[] = [];
  for (const one of LoadBalancers) {
    const { LoadBalancerArn } = one;
    const attributes = await client.send(new elb.DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
    const { Listeners = [] } = await client.send(new elb.DescribeListenersCommand({ LoadBalancerArn }));
    lines.push(
      line(
        'load balancer',
        LoadBalancerArn,
        one.SecurityGroups,
        one.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic,
        settings(attributes.Attributes),
        Listeners.map((listener) =>
          // The emulator replaces a listener whose port changes; AWS does not.
          line(listener.Port, listener.DefaultActions?.[0]?.TargetGroupArn),
        ).sort(),
      ),
    );
  }
  return lines;
}

async function targetGroups(client: elb.ElasticLoadBalancingV2Client): Promise<string[]> {
  const { TargetGroups = [] } = await client.send(new elb.DescribeTargetGroupsCommand({}));
  const lines: string[] = [];
  for (const { TargetGroupArn, Port, HealthCheckIntervalSeconds } of TargetGroups) {
    const attributes = await client.send(new elb.DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    const health = await client.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn }));
    const tags = await client.send(new elb.DescribeTagsCommand({ ResourceArns: [TargetGroupArn!] }));
    const targets = (health.TargetHealthDescriptions ?? [])
      .filter(({ TargetHealth }) => TargetHealth?.State !== 'draining')
      .map(({ Target, TargetHealth }) => line(Target?.Id, Target?.Port, TargetHealth?.State));
    const written = (tags.TagDescriptions?.[0]?.Tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`).sort();
    lines.push(
      line(
        'target group',
        TargetGroupArn,
        Port,
        HealthCheckIntervalSeconds,
        settings(attributes.Attributes),
        targets.sort(),
        written,
      ),
    );
  }
  return lines;
}

async function rules(lab: Lab): Promise<string[]> {
  return (await rulesOf(lab)).map((rule) => line('event rule', rule));
}

const settings = (attributes: readonly { Key?: string; Value?: string }[] = []) =>
  attributes.map(({ Key, Value }) => `${Key}=${Value}`).sort();

const line = (...parts: unknown[]) => parts.map((part) => JSON.stringify(part) ?? 'none').join(' ');
