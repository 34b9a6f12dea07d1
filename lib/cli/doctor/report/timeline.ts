import type { LogEvent } from '../../statement-log/entry';
import { instanceOf } from '../../statement-log/entry';
import type { HourCounts, InstancePresence } from './model';

export const HOUR_MS = 3_600_000;

/** Counts by hour and by instance when the log was written. */
export class Timeline {
  private readonly hours: {
    hour: number;
    statements: number;
    bytes: number;
    carrying: number;
    isComplete: boolean;
  }[] = [];
  private readonly instances = new Map<string, { entries: number; bytes: number; hours: Set<number> }>();

  /** `instances` are those of the server now. */
  constructor(
    private readonly from: number,
    to: number,
    instances: readonly string[],
  ) {
    for (let hour = startOfHour(from); hour < to; hour += HOUR_MS)
      this.hours.push({ hour, statements: 0, bytes: 0, carrying: 0, isComplete: true });
    for (const instance of instances) this.instanceNamed(instance);
  }

  event({ stream, at }: Pick<LogEvent, 'stream' | 'at'>, bytes: number): void {
    const hour = this.hourOf(at);
    if (hour) hour.bytes += bytes;
    const instance = this.instanceNamed(instanceOf(stream));
    instance.entries += 1;
    instance.bytes += bytes;
    instance.hours.add(startOfHour(at));
  }

  statement(at: number, carries: boolean): void {
    const hour = this.hourOf(at);
    if (!hour) return;
    hour.statements += 1;
    if (carries) hour.carrying += 1;
  }

  /** Marks the hour of a time as read only in part. */
  cut(at: number): void {
    const hour = this.hourOf(at);
    if (hour) hour.isComplete = false;
  }

  hourCounts(): HourCounts[] {
    return this.hours;
  }

  /** The presence of each instance; hours that were read in part are no silence. */
  presence(): InstancePresence[] {
    return [...this.instances].map(([instance, { hours, ...counts }]) => {
      const silences: { from: number; to: number }[] = [];
      for (const { hour, isComplete } of this.hours.slice(0, -1)) {
        if (hours.has(hour) || !isComplete || hour < this.from) continue;
        const previous = silences.at(-1);
        if (previous?.to === hour) previous.to = hour + HOUR_MS;
        else silences.push({ from: hour, to: hour + HOUR_MS });
      }
      return { instance, ...counts, silences };
    });
  }

  private hourOf(at: number) {
    return this.hours[(startOfHour(at) - this.hours[0].hour) / HOUR_MS];
  }

  private instanceNamed(name: string) {
    let instance = this.instances.get(name);
    if (!instance) this.instances.set(name, (instance = { entries: 0, bytes: 0, hours: new Set() }));
    return instance;
  }
}

const startOfHour = (at: number) => Math.floor(at / HOUR_MS) * HOUR_MS;
