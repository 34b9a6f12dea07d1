import type { aws_ec2 as ec2 } from 'aws-cdk-lib';

/** Reads a property of a construct; returns undefined if the property throws, as those of imported constructs do if it was not given. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Returns the default port of the resource's connections, if it has one. */
export function portOf(resource: ec2.IConnectable): number | undefined {
  const range = resource.connections.defaultPort?.toRuleJson() as { fromPort?: number } | undefined;
  return range?.fromPort;
}
