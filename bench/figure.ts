/** One figure of the benchmarks, with the bound that it is held to. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'kB' | 'MiB' | 'x' | 'count';
  /** The highest value that is good enough. */
  readonly limit?: number;
  /** How it came about: medians, sizes. */
  readonly detail?: string;
}

/** What was asked for on the command line. */
export interface BenchmarkOptions {
  /** Also compare with another library, which is installed into a folder of its own. */
  readonly peer: boolean;
}

/** A set of benchmarks; each file of this folder that is listed in `index.ts` exports one as `run`. */
export type Benchmark = (options: BenchmarkOptions) => Promise<Figure[]>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Medians of both, in turn A B A B …, so that the machine's moods meet both alike. */
export async function inTurn(
  runs: number,
  a: () => Promise<unknown>,
  b: () => Promise<unknown>,
): Promise<{ a: number; b: number }> {
  const times = { a: [] as number[], b: [] as number[] };
  for (let i = 0; i < runs; i++) {
    times.a.push(await seconds(a));
    times.b.push(await seconds(b));
  }
  return { a: median(times.a), b: median(times.b) };
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}
