/** Time as the fake sees it. */
export interface Now {
  now(): number;
}

/** How long things take, in milliseconds. */
export interface Durations {
  /** From the answer to a change until the status shows it. */
  readonly lag: number;
  readonly modify: number;
  readonly exports: number;
  readonly applying: number;
  readonly reboot: number;
  /** From the end of an association until the group can be deleted. */
  readonly release: number;
}

export const LIKE_RDS: Durations = {
  lag: 3_000,
  modify: 40_000,
  exports: 25_000,
  applying: 10_000,
  reboot: 90_000,
  release: 20_000,
};

/** A status that passes. */
export class Status {
  private phases: { readonly status: string; readonly from: number; readonly to: number }[] = [];

  constructor(
    private readonly clock: Now,
    public base = 'available',
  ) {}

  get value(): string {
    const now = this.clock.now();
    return this.phases.find(({ from, to }) => from <= now && now < to)?.status ?? this.base;
  }

  /** After a moment, and for so long. */
  pass(status: string, lag: number, duration: number): void {
    const from = this.clock.now() + lag;
    this.phases = [
      ...this.phases.filter(({ to }) => to > this.clock.now()),
      { status, from, to: from + duration },
    ];
  }
}
