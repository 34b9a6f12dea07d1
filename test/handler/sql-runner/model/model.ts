import type { AccessSpec } from '../../../../lib/private/wire/sql';

/** What there is, as far as a command must know it to be possible. */
export class Model {
  /** The owner of each table. */
  readonly tables = new Map<string, string>();
  /** The table that each view reads. */
  readonly views = new Map<string, string>();
  /** "TABLE ROLE" of those who may pass SELECT on. */
  readonly mayGrant = new Set<string>();
  /** What Datafold's role was last applied with; undefined where it is not there. */
  applied: AccessSpec | undefined;

  drop(table: string): void {
    this.tables.delete(table);
    for (const [view, of] of this.views) if (of === table) this.views.delete(view);
    for (const entry of this.mayGrant) if (entry.startsWith(`${table} `)) this.mayGrant.delete(entry);
  }
}
