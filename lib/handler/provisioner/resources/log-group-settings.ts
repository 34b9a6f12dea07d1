import type { LogGroupState } from '../aws/ports';

/** CDK's word for an infinite retention. */
const INFINITE = 9999;

export interface LogGroupWishes {
  readonly retentionInDays?: number;
  readonly shortenRetention: boolean;
  readonly kmsKeyArn?: string;
}

/** What a log group should be set to, given what it was set to before us. */
export function settingsFor(before: LogGroupState, wanted: LogGroupWishes): LogGroupState {
  return {
    retentionInDays: retentionFor(before.retentionInDays, wanted),
    kmsKeyArn: wanted.kmsKeyArn ?? before.kmsKeyArn,
  };
}

/** Never-expire is what RDS makes by itself, so nobody's decision; a number of days is somebody's. */
function retentionFor(before: number | undefined, { retentionInDays, shortenRetention }: LogGroupWishes) {
  if (retentionInDays === undefined) return before;
  if (retentionInDays === INFINITE) return undefined;
  if (before === undefined || shortenRetention) return retentionInDays;
  return Math.max(before, retentionInDays);
}
