import type { Clock } from '../../../../lib/handler/provisioner/runtime/deadline';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time that jumps to the next sleeper's end as soon as nobody has anything else to do. */
export class VirtualClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private sleepers: Sleeper[] = [];
  private pumping = false;
  private held = 0;

  /** Time stands still while something real goes on, until the function that this returns is called. */
  hold(): () => void {
    this.held++;
    let holding = true;
    return () => {
      if (!holding) return;
      holding = false;
      this.held--;
      this.pump();
    };
  }

  /** Lets time pass while nobody is waiting. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const leave = (settle: () => void) => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      const abort = () => leave(() => reject(signal?.reason as Error));
      const sleeper = { until: this.time + milliseconds, wake: () => leave(resolve) };
      signal?.addEventListener('abort', abort);
      this.sleepers.push(sleeper);
      this.pump();
    });
  }

  private pump(): void {
    if (this.pumping || this.held > 0) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      if (this.held > 0) return;
      const next = [...this.sleepers].sort((a, b) => a.until - b.until)[0];
      if (!next) return;
      this.time = Math.max(this.time, next.until);
      next.wake();
      this.pump();
    });
  }
}
