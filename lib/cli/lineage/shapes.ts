import { createHash } from 'node:crypto';
import { analyze, NOTHING, type Analysis } from './analyze';
import type { Parse } from './parse';

/** How many analyses are kept; names of tables that are made anew with each run would fill the memory. */
const MAX_SHAPES = 20_000;
/** How many statements are parsed, which takes a minute or two. */
const MAX_PARSED = 100_000;
/** An entry as long as this may have been cut on its way into CloudWatch Logs, whose events had at most 256 kB until 2025. */
const MAY_BE_CUT_BYTES = 255_000;
const CUT = /unterminated|at end of input/;

const BEYOND: Analysis = { ...NOTHING, obstacles: [{ obstacle: 'too many' }] };

/** Analyzes statements, each shape once: statements that differ only in their values are parsed once. */
export class Shapes {
  /** How many statements were parsed. */
  parsed = 0;
  private readonly known = new Map<string, Analysis>();

  constructor(private readonly parse: Parse) {}

  /** Analyzes a statement whose masked text (see `mask`) is known. */
  analyze(sql: string, masked: string, bytes: number): Analysis {
    // Not PostgreSQL's fingerprint: it is the same for t_2024_01 and t_2024_02.
    const mayBeCut = bytes >= MAY_BE_CUT_BYTES;
    const key = createHash('sha1').update(`${mayBeCut} ${masked}`).digest('base64');
    const known = this.known.get(key);
    if (known) return known;
    if (this.parsed >= MAX_PARSED) return BEYOND;
    this.parsed += 1;
    const analysis = this.parseAndAnalyze(sql, mayBeCut);
    this.known.set(key, analysis);
    if (this.known.size > MAX_SHAPES) this.known.delete(this.known.keys().next().value!);
    return analysis;
  }

  private parseAndAnalyze(sql: string, mayBeCut: boolean): Analysis {
    try {
      return analyze(this.parse(sql));
    } catch (error) {
      const isCut = mayBeCut && CUT.test((error as Error).message);
      return { ...NOTHING, obstacles: [{ obstacle: isCut ? 'truncated' : 'not parsed' }] };
    }
  }
}
