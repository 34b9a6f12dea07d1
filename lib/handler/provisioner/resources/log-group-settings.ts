import type { LogGroupState } from '../aws/ports';

/** CDK's word for an infinite retention. */
const INFINITE = 9999;

/** What a log group should be set to: wishes that do not shorten what was there before. */
export function settingsFor(
  before: LogGroupState,
  wanted: { readonly retentionInDays?: number; readonly kmsKeyArn?: string },
): LogGroupState {
  return {
    retentionInDays: retentionFor(before.retentionInDays, wanted.retentionInDays),
    kmsKeyArn: wanted.kmsKeyArn ?? before.kmsKeyArn,
  };
}

/** Never-expire is what RDS makes by itself, so nobody's decision; a number of days is somebody's. */
function retentionFor(before: number | undefined, wanted: number | undefined): number | undefined {
  if (wanted === undefined) return before;
  if (wanted === INFINITE) return undefined;
  return before === undefined ? wanted : Math.max(before, wanted);
}
