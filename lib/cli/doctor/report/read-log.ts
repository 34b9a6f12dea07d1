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
  /** Called if the events up to the end of a part are not read, after the last one that is. */
  cut(at: number): void;
}

/** How much to read. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
  readonly maxBytes: number;
}

/**
 * Reads a log group, at most `maxBytes` of it.
 *
 * The time is divided into hours. Each hour may use what the earlier ones leave over, so a log that is too large is sampled
 * evenly: the beginning of each hour, without a gap, so that sessions stay together.
 */
export async function readLog(
  page: (query: EventQuery) => Promise<EventPage>,
  group: Pick<EventQuery, 'logGroupName' | 'region'>,
  { from, to, maxBytes }: LogRange,
  sink: LogSink,
  progress: (done: number, total: number, bytes: number) => void,
): Promise<Sampling> {
  const parts = partsOf(from, to);
  let [bytesRead, completeParts, estimatedBytes] = [0, 0, 0];
  for (const [index, part] of parts.entries()) {
    const allowance = (maxBytes - bytesRead) / (parts.length - index);
    let [bytes, last] = [0, part.from];
    const ask = async (nextToken?: string) => page({ ...group, ...part, nextToken });
    let next: Promise<EventPage> | undefined = ask();
    while (next && bytes < allowance) {
      const { events, nextToken }: EventPage = await next;
      next = nextToken === undefined ? undefined : ask(nextToken); // is on its way while the events are taken
      next?.catch(() => undefined); // awaited above, or not needed
      for (const event of events) {
        const size = Buffer.byteLength(event.message);
        bytes += size;
        last = Math.max(last, event.at);
        sink.event(event, size);
      }
      progress(last - from, to - from, bytesRead + bytes);
    }
    if (next) sink.cut(last);
    else completeParts += 1;
    bytesRead += bytes;
    estimatedBytes += next ? (bytes * (part.to - part.from)) / Math.max(1_000, last - part.from) : bytes;
  }
  return {
    bytesRead,
    maxBytes,
    parts: parts.length,
    completeParts,
    estimatedBytes: Math.round(estimatedBytes),
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
