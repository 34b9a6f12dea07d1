import type { StatementKind } from '../statement-log/kind';

/** Counts of the statements of a role, a database or a kind. */
export interface NamedCounts {
  readonly name: string;
  readonly statements: number;
  readonly bytes: number;
  /** Statements that carry lineage. */
  readonly carrying: number;
  /** Statements whose lineage can't be followed by the log. */
  readonly hidden: number;
  readonly kinds: Readonly<Partial<Record<StatementKind, number>>>;
}

/** A statement, as far as it is counted. */
interface Counted {
  readonly kind: StatementKind;
  readonly bytes: number;
  readonly carries: boolean;
  readonly isHidden: boolean;
}

type Mutable = { -readonly [Key in keyof NamedCounts]: NamedCounts[Key] } & {
  kinds: Partial<Record<StatementKind, number>>;
};

/** Counts statements by a name. */
export class Tally {
  private readonly all = new Map<string, Mutable>();

  add(name: string, { kind, bytes, carries, isHidden }: Counted): void {
    let counts = this.all.get(name);
    if (!counts) {
      counts = { name, statements: 0, bytes: 0, carrying: 0, hidden: 0, kinds: {} };
      this.all.set(name, counts);
    }
    counts.statements += 1;
    counts.bytes += bytes;
    if (carries) counts.carrying += 1;
    if (isHidden) counts.hidden += 1;
    counts.kinds[kind] = (counts.kinds[kind] ?? 0) + 1;
  }

  /** All counts, the most bytes first. */
  entries(): NamedCounts[] {
    return [...this.all.values()].sort((a, b) => b.bytes - a.bytes);
  }
}
