import type { Clock } from '../../../../lib/handler/provisioner/clock';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time that jumps to the next sleeper's end as soon as nobody has anything else to do. */
export class VirtualClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private sleepers: Sleeper[] = [];
  private pumping = false;

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = (settle: () => void) => () => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        settle();
      };
      const sleeper = { until: this.time + milliseconds, wake: leave(resolve) };
      if (signal?.aborted) return reject(signal.reason as Error);
      signal?.addEventListener(
        'abort',
        leave(() => reject(signal.reason as Error)),
      );
      this.sleepers.push(sleeper);
      this.pump();
    });
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      const next = [...this.sleepers].sort((a, b) => a.until - b.until)[0];
      if (!next) return;
      this.time = Math.max(this.time, next.until);
      next.wake();
      this.pump();
    });
  }
}
