import type { LogGroupState } from '../aws/ports';
import type { LogGroupRequest } from '../parse/log-group';
import type { Need } from './statement-logging/record';

/** CDK's word for an infinite retention. */
const INFINITE = 9999;

export interface LogGroupWishes {
  readonly retentionInDays?: number;
  readonly shortenRetention: boolean;
  readonly kmsKeyArn?: string;
}

/** The settings that there is a wish for. */
export function wishesOf({ retentionInDays, kmsKeyArn, maskedDataIdentifiers }: LogGroupRequest): Need[] {
  return [
    ...(retentionInDays === undefined ? [] : ['retention' as const]),
    ...(kmsKeyArn === undefined ? [] : ['key' as const]),
    ...(maskedDataIdentifiers.length === 0 ? [] : ['masking' as const]),
  ];
}

/** The settings before us: as recorded, but what is wished for the first time was somebody else's until now. */
export function settingsBefore<T extends LogGroupState>(
  now: LogGroupState,
  recorded: T,
  known: readonly Need[],
  wanted: LogGroupRequest,
): T {
  const added = wishesOf(wanted).filter((wish) => !known.includes(wish));
  return {
    ...recorded,
    ...(added.includes('retention') && { retentionInDays: now.retentionInDays }),
    ...(added.includes('key') && { kmsKeyArn: now.kmsKeyArn }),
  };
}

/** What a log group should be set to, given what it was set to before us. */
export function settingsFor(before: LogGroupState, wanted: LogGroupWishes): LogGroupState {
  return {
    retentionInDays: retentionFor(before.retentionInDays, wanted),
    kmsKeyArn: wanted.kmsKeyArn ?? before.kmsKeyArn,
  };
}

/** What is put back. A group that was made keeps its retention, so that what it holds still expires. */
export function settingsAfter(
  before: LogGroupState & { readonly made?: boolean },
  wanted: LogGroupWishes,
): LogGroupState {
  const { retentionInDays } = before.made ? settingsFor(before, wanted) : before;
  return { retentionInDays, kmsKeyArn: before.kmsKeyArn };
}

/** Never-expire is what RDS makes by itself, so nobody's decision; a number of days is somebody's. */
function retentionFor(before: number | undefined, { retentionInDays, shortenRetention }: LogGroupWishes) {
  if (retentionInDays === undefined) return before;
  if (retentionInDays === INFINITE) return undefined;
  if (before === undefined || shortenRetention) return retentionInDays;
  return Math.max(before, retentionInDays);
}
