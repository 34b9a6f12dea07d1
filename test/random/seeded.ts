/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Seeded {
  public constructor(private state: number) {}

  /** At least 0, less than 1. */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends among them. */
  public between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  public oneOf<T>(values: readonly T[]): T {
    return values[this.between(0, values.length - 1)]!;
  }

  /** So many different ones of the values. */
  public some<T>(values: readonly T[], count: number): T[] {
    const left = [...values];
    return Array.from({ length: count }, () => left.splice(this.between(0, left.length - 1), 1)[0]!);
  }
}
