import type { Obstacle } from './analyze';

/** Statements that can't be followed for one reason. */
export interface ObstacleCount {
  readonly obstacle: Obstacle;
  readonly statements: number;
  /** The roles that ran them. */
  readonly roles: readonly string[];
  /** The procedures, functions, prepared statements or tables that they name; the first ones if there are many. */
  readonly names: readonly string[];
}

const MAX_NAMES = 20;

/** Counts statements by the reason why they can't be followed. */
export class ObstacleTally {
  private readonly all = new Map<Obstacle, { statements: number; roles: Set<string>; names: Set<string> }>();

  add(obstacle: Obstacle, { role, name }: { role?: string; name?: string }, statements = 1): void {
    let counts = this.all.get(obstacle);
    if (!counts) this.all.set(obstacle, (counts = { statements: 0, roles: new Set(), names: new Set() }));
    counts.statements += statements;
    if (role !== undefined) counts.roles.add(role);
    if (name !== undefined && counts.names.size < MAX_NAMES) counts.names.add(name);
  }

  /** All counts, the most frequent first. */
  entries(): ObstacleCount[] {
    return [...this.all]
      .map(([obstacle, { statements, roles, names }]) => ({
        obstacle,
        statements,
        roles: [...roles].sort(),
        names: [...names].sort(),
      }))
      .sort((a, b) => b.statements - a.statements);
  }
}
