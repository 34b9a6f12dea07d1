import type { aws_ec2 as ec2 } from 'aws-cdk-lib';

/** A value that an imported construct may throw for, since it was not told it. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The port that security-group rules of the resource use, where it was told one. */
export function portOf(resource: ec2.IConnectable): number | undefined {
  const range = resource.connections.defaultPort?.toRuleJson() as { fromPort?: number } | undefined;
  return range?.fromPort;
}
