import type { Session } from '../connection/session';
import { ident } from '../identifiers';
import type { Statement } from '../plan/statement';
import { codeAndMessage, isOfFunction } from '../sqlstates';
import type { Reach } from './reach';

/** How a list of statements went. */
export interface Outcome {
  /** False if time, or the transaction's share of locks, ran out before the end of the list. */
  readonly finished: boolean;
  /** Statements that the server refused, or that were not sent because their role is out of reach. */
  readonly refused: readonly Statement[];
}

/** 42501 not allowed; 0LP01 wrong membership; 2BP01 something depends on it. */
const REFUSALS = new Set(['42501', '0LP01', '2BP01']);
/** What goes between reading and writing: 42P01 a relation, 3F000 a schema, 42704 a role. */
const GONE = new Set(['42P01', '3F000', '42704']);

/** Runs statements one by one, each so that its refusal leaves the others be. Those that name what has gone are left out. */
export async function execute(
  session: Session,
  reach: Reach,
  statements: readonly Statement[],
): Promise<Outcome> {
  const refused: Statement[] = [];
  for (const statement of statements) {
    const { locks = 0 } = statement;
    if (session.deadline.isNear() || !session.hasRoomFor(locks)) return { finished: false, refused };
    const text = withRights(statement, reach);
    const result = text === undefined ? 'refused' : await attempt(session, text);
    if (result === 'refused') refused.push(statement);
    if (result === 'gone') session.isStale = true;
    if (result === 'done') session.room -= locks;
  }
  return { finished: true, refused };
}

/** The statement with the change of role it takes; undefined if the role is out of reach. */
function withRights({ text, actAs, exactly }: Statement, reach: Reach): string | undefined {
  if (actAs === undefined) return text;
  const way = reach.way(actAs);
  if (way === 'direct' && !exactly) return text;
  return reach.canSet(actAs)
    ? `SET LOCAL ROLE ${ident(reach.nameOf(actAs))}; ${text}; RESET ROLE`
    : undefined;
}

async function attempt(session: Session, text: string): Promise<'done' | 'refused' | 'gone'> {
  try {
    await session.attempt(text);
    session.changes += 1;
    return 'done';
  } catch (error) {
    const { code = '' } = codeAndMessage(error);
    if (isOfFunction(error)) throw error;
    if (REFUSALS.has(code)) return 'refused';
    if (GONE.has(code)) return 'gone';
    throw error;
  }
}
