import type { Tags } from '../aws/rds-ports';
import type { StatementLoggingRequest } from './properties';
import { wishesOf } from '../log-group/settings';
import { recordFrom, type LoggingRecord, type Need } from './record';

/** Another custom resource, of this stack or another one, that logs the statements of the same server. */
export interface Other {
  readonly prefix: string;
  readonly record: LoggingRecord;
}

/** Those that wrote down what they need, always in the same order. */
export function othersIn(tags: Tags, ownPrefix: string): Other[] {
  const prefixes = Object.keys(tags).flatMap((key) => /^(datafold:[0-9a-f]{16}:)needs$/.exec(key)?.[1] ?? []);
  return prefixes
    .filter((prefix) => prefix !== ownPrefix)
    .sort()
    .map((prefix) => ({ prefix, record: recordFrom(tags, prefix) }));
}

export function isNeededBy({ record }: Other, need: Need): boolean {
  return record.needs?.includes(need) ?? false;
}

/** What a request needs, for others to see. */
export function needsOf({ logBindValues, log }: StatementLoggingRequest): Need[] {
  return ['statements', ...(logBindValues ? [] : ['no-bind-values' as const]), ...wishesOf(log)];
}
