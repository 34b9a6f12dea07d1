/** The DNS suffixes of the partitions of AWS (`partitions.json` of its SDKs). */
const SUFFIXES = [
  'amazonaws\\.com',
  'amazonaws\\.com\\.cn',
  'amazonaws\\.eu',
  'c2s\\.ic\\.gov',
  'sc2s\\.sgov\\.gov',
  'cloud\\.adc-e\\.uk',
  'csp\\.hci\\.ic\\.gov',
].join('|');

/**
 * The region comes before `rds`, or after it: in China, and in other partitions than `aws` (the patterns in `RdsUtils` of AWS's
 * drivers, such as aws-advanced-jdbc-wrapper).
 */
const HOST = new RegExp(
  `^([a-z0-9-]+)\\.(?:endpoint\\.)?(?:(proxy|cluster|cluster-ro|cluster-custom|shardgrp)-)?[a-z0-9]+\\.` +
    `(?:[a-z0-9-]+\\.rds|rds\\.[a-z0-9-]+)\\.(?:${SUFFIXES})$`,
  'i',
);

/** A host name that RDS assigns. */
export interface RdsHost {
  /** The identifier of the instance, cluster or proxy. */
  readonly identifier: string;
  readonly kind: 'instance' | 'proxy' | 'cluster' | 'cluster-ro' | 'cluster-custom' | 'shardgrp';
}

/** Parses a host name of RDS, in any partition; undefined for any other name. */
export function parseRdsHost(host: string): RdsHost | undefined {
  const [, identifier, kind = 'instance'] = HOST.exec(host) ?? [];
  if (identifier === undefined) return undefined;
  return { identifier: identifier.toLowerCase(), kind: kind.toLowerCase() as RdsHost['kind'] };
}
