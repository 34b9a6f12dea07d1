import type { AccessSpec } from '../../../../lib/private/wire/sql';

/** The state that decides which commands are possible. */
export class Model {
  /** The owner of each table. */
  readonly tables = new Map<string, string>();
  /** The table that each view reads. */
  readonly views = new Map<string, string>();
  /** "TABLE ROLE" for each role with the grant option for SELECT. */
  readonly mayGrant = new Set<string>();
  /** The last applied access of Datafold's role; undefined if the role does not exist. */
  applied: AccessSpec | undefined;

  drop(table: string): void {
    this.tables.delete(table);
    for (const [view, of] of this.views) if (of === table) this.views.delete(view);
    for (const entry of this.mayGrant) if (entry.startsWith(`${table} `)) this.mayGrant.delete(entry);
  }
}
