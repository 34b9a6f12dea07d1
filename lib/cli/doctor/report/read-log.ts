import type { LogEvent } from '../../statement-log/entry';
import type { Sampling } from './model';
import { HOUR_MS } from './timeline';

/** A page of the events of a log group. */
export interface EventPage {
  readonly events: readonly LogEvent[];
  readonly nextToken?: string;
}

/** The part of a log group to read. Times are in milliseconds since 1970; `to` is not included. */
export interface EventQuery {
  readonly logGroupName: string;
  readonly region: string;
  readonly from: number;
  readonly to: number;
  readonly nextToken?: string;
}

/** What takes the events of a log. */
export interface LogSink {
  event(event: LogEvent, bytes: number): void;
  /** Called if the events up to the end of a part are not read, after the last one that is, or with the start of the part. */
  cut(at: number): void;
}

/** How much to read. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
  readonly maxBytes: number;
}

/**
 * Reads a log group, at most `maxBytes` of it, or a page more.
 *
 * The time is divided into hours. Each hour may use what the earlier ones leave over, so a log that is too large is sampled
 * evenly: the beginning of each hour, without a gap, so that sessions stay together. If a page is larger than the share of an
 * hour, the next hours are left out until their shares make up for it.
 */
export async function readLog(
  page: (query: EventQuery) => Promise<EventPage>,
  group: Pick<EventQuery, 'logGroupName' | 'region'>,
  { from, to, maxBytes }: LogRange,
  sink: LogSink,
  progress: (done: number, total: number, bytes: number) => void,
): Promise<Sampling> {
  const parts = partsOf(from, to);
  let [bytesRead, completeParts, unreadParts, estimatedBytes, readMs, excess] = [0, 0, 0, 0, 0, 0];
  for (const [index, part] of parts.entries()) {
    const share = Math.max(0, (maxBytes - bytesRead) / (parts.length - index));
    const allowance = share - excess;
    if (allowance <= 0) {
      excess -= share;
      unreadParts += 1;
      sink.cut(part.from);
      continue;
    }
    const ask = async (nextToken?: string) => page({ ...group, ...part, nextToken });
    let [bytes, last, isComplete] = [0, part.from, false];
    let next: Promise<EventPage> | undefined = ask();
    while (next) {
      const { events, nextToken }: EventPage = await next;
      const sizes = events.map(({ message }) => Buffer.byteLength(message));
      bytes += sizes.reduce((sum, size) => sum + size, 0);
      isComplete = nextToken === undefined;
      // Is on its way while the events are taken.
      next = !isComplete && bytes < allowance ? ask(nextToken) : undefined;
      next?.catch(() => undefined); // awaited above, unless the sink fails
      for (const [i, event] of events.entries()) {
        last = Math.max(last, event.at);
        sink.event(event, sizes[i]);
      }
      progress(last - from, to - from, bytesRead + bytes);
    }
    const ms = part.to - part.from;
    if (isComplete) completeParts += 1;
    else sink.cut(last);
    bytesRead += bytes;
    excess = Math.max(0, bytes - allowance);
    estimatedBytes += isComplete ? bytes : (bytes * ms) / Math.max(1_000, last - part.from);
    readMs += ms;
  }
  return {
    bytesRead,
    maxBytes,
    parts: parts.length,
    completeParts,
    unreadParts,
    estimatedBytes: Math.round(readMs > 0 ? (estimatedBytes * (to - from)) / readMs : 0),
  };
}

/** The hours of a time; the first and the last may be shorter. */
function partsOf(from: number, to: number): { from: number; to: number }[] {
  const parts = [];
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / HOUR_MS) + 1) * HOUR_MS);
    parts.push({ from: start, to: end });
    start = end;
  }
  return parts;
}
