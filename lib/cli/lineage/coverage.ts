import { kindOf, type StatementKind } from '../statement-log/kind';
import { mask } from '../statement-log/mask';
import type { LoggedStatement, StatementListener } from '../statement-log/statement-reader';
import { NOTHING, type Analysis } from './analyze';
import { mayHaveLineage } from './candidate';
import { LineageGraph, type LineageEdge } from './graph';
import { ObstacleTally, type ObstacleCount } from './obstacle-tally';
import type { Parse } from './parse';
import { Session } from './session';
import { Shapes } from './shapes';
import { textOf } from './table-name';
import { Tally, type NamedCounts } from './tally';

/** What the log of a server holds, and how much of its statements can be followed from table to table. */
export interface Coverage {
  readonly statements: number;
  /** The size of all entries, in bytes. */
  readonly bytes: number;
  /** The part of `bytes` that statements take, and the part of that which bind values take. */
  readonly statementBytes: number;
  readonly parameterBytes: number;
  /** Statements that put rows of a table into another one, perhaps through a temporary table. */
  readonly carrying: number;
  /** How many statements were parsed: each shape once. */
  readonly parsedShapes: number;
  readonly kinds: readonly NamedCounts[];
  readonly roles: readonly NamedCounts[];
  readonly databases: readonly NamedCounts[];
  readonly edges: readonly LineageEdge[];
  /** Statements whose edge is not in `edges`, since there are more than 20,000. */
  readonly unlisted: number;
  readonly obstacles: readonly ObstacleCount[];
}

/** The role and database of statements whose log prefix is not the one of RDS. */
export const UNKNOWN = '(unknown)';
/** How many sessions with temporary tables or prepared statements are followed at the same time. */
const MAX_SESSIONS = 20_000;

type Verdict = 'carries' | 'hidden' | 'none';

/** Adds up the statements of a log. Keeps names and counts, and no text of a statement. */
export class CoverageMeter implements StatementListener {
  private readonly shapes: Shapes;
  private readonly graph = new LineageGraph();
  private readonly obstacles = new ObstacleTally();
  private readonly sessions = new Map<string, Session>();
  private readonly tallies = { kinds: new Tally(), roles: new Tally(), databases: new Tally() };
  private readonly sum = { statements: 0, bytes: 0, statementBytes: 0, parameterBytes: 0, carrying: 0 };

  /** `onStatement` is called for each statement, with whether it carries lineage. */
  constructor(
    parse: Parse,
    private readonly onStatement: (statement: LoggedStatement, carries: boolean) => void = () => undefined,
  ) {
    this.shapes = new Shapes(parse);
  }

  statement(statement: LoggedStatement): void {
    const { sql, bytes, parameterBytes, role = UNKNOWN, database = UNKNOWN } = statement;
    const masked = mask(sql);
    const kind = kindOf(masked);
    const verdict = this.follow(statement, masked, kind);
    const carries = verdict === 'carries';
    const one = { kind, bytes, carries, isHidden: verdict === 'hidden' };
    this.tallies.kinds.add(kind, one);
    this.tallies.roles.add(role, one);
    this.tallies.databases.add(database, one);
    this.sum.statements += 1;
    this.sum.bytes += bytes;
    this.sum.statementBytes += bytes;
    this.sum.parameterBytes += parameterBytes;
    if (carries) this.sum.carrying += 1;
    this.onStatement(statement, carries);
  }

  other({ bytes }: { readonly bytes: number }): void {
    this.sum.bytes += bytes;
  }

  sessionEnded(id: string): void {
    const session = this.sessions.get(id);
    if (session) this.leave(session);
    this.sessions.delete(id);
  }

  /** Ends all sessions: after the end of the log, or before a part of it that is not read. */
  endSessions(): void {
    [...this.sessions.keys()].forEach((id) => this.sessionEnded(id));
  }

  /** What was found, after the end of all sessions. */
  result(): Coverage {
    this.endSessions();
    const { kinds, roles, databases } = this.tallies;
    return {
      ...this.sum,
      parsedShapes: this.shapes.parsed,
      kinds: kinds.entries(),
      roles: roles.entries(),
      databases: databases.entries(),
      edges: this.graph.edges(),
      unlisted: this.graph.unlisted,
      obstacles: this.obstacles.entries(),
    };
  }

  private follow(statement: LoggedStatement, masked: string, kind: StatementKind): Verdict {
    if (!mayHaveLineage(masked, kind)) return 'none';
    const { sql, prepare, bytes, role } = statement;
    if (statement.failed) {
      this.obstacles.add('failed', { role });
      return 'hidden';
    }
    const analysis = this.shapes.analyze(sql, masked, bytes);
    const prepared = prepare === undefined ? NOTHING : this.shapes.analyze(prepare, mask(prepare), bytes);
    const session = this.sessions.get(statement.session ?? '') ?? new Session();
    const { edges, obstacles, intoTemporary } = session.resolve(analysis, prepared);
    for (const edge of edges) this.graph.add(edge, 'data', statement);
    for (const { obstacle, name } of obstacles) this.obstacles.add(obstacle, { role, name });
    this.keep(session, statement);
    const others = this.followDefinitions(analysis, statement);
    if (edges.length > 0 || intoTemporary || others === 'carries') return 'carries';
    return obstacles.length > 0 ? 'hidden' : others;
  }

  /** Follows renamed and attached tables, and refreshes of materialized views. */
  private followDefinitions({ successions, refreshed }: Analysis, statement: LoggedStatement): Verdict {
    for (const { kind, from, to } of successions)
      this.graph.add({ source: from, target: to }, kind, statement);
    const unknown = refreshed.filter((view) => !this.graph.refresh(view, statement));
    for (const view of unknown)
      this.obstacles.add('refresh without definition', { role: statement.role, name: textOf(view) });
    if (refreshed.length === 0) return 'none';
    return unknown.length === 0 ? 'carries' : 'hidden';
  }

  private keep(session: Session, { session: id, role }: LoggedStatement): void {
    if (session.isEmpty) return;
    if (id === undefined) return this.leave(session, role); // nobody can know which statements are of one session
    this.sessions.set(id, session);
    if (this.sessions.size > MAX_SESSIONS) this.sessionEnded(this.sessions.keys().next().value!);
  }

  private leave(session: Session, role?: string): void {
    for (const { name, statements } of session.unread())
      this.obstacles.add('temporary table', { role, name }, statements);
  }
}
