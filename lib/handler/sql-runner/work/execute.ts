import { type Session, WouldWrite } from '../connection/session';
import { ident } from '../identifiers';
import type { Statement } from '../plan/statement';
import { codeAndMessage, isOfFunction, retryFor } from '../sqlstates';
import type { RoleMemberships } from './role-memberships';

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
const UNDEFINED_OBJECT = new Set(['42P01', '3F000', '42704']);

/**
 * Runs statements one by one, each so that its refusal leaves the others be; one that comes in parts is tried in parts then.
 * Those that name what has gone are left out.
 */
export async function execute(
  session: Session,
  memberships: RoleMemberships,
  statements: readonly Statement[],
): Promise<Outcome> {
  const refused: Statement[] = [];
  for (const statement of statements) {
    const { locks = 0 } = statement;
    if (session.deadline.isNear() || !session.hasLockBudgetFor(locks)) return { finished: false, refused };
    const candidates = candidateStatements(statement, memberships);
    const { parts, isOptional = false } = statement;
    const result = await attemptAll(session, parts ? candidates.slice(0, 1) : candidates, isOptional);
    if (result !== 'done' && parts) {
      const outcome = await execute(session, memberships, parts);
      refused.push(...outcome.refused);
      if (!outcome.finished) return { finished: false, refused };
      continue;
    }
    if (result === 'refused') refused.push(statement);
    if (result === 'gone') session.isStale = true;
    if (result === 'done') session.lockBudget -= locks;
  }
  return { finished: true, refused };
}

type Result = 'done' | 'refused' | 'gone';

/** The statement with the change of role that it takes, and what else may do; none if the role is out of reach. */
function candidateStatements({ text, actAs, identity }: Statement, memberships: RoleMemberships): string[] {
  if (actAs === undefined || memberships.isAdmin(actAs)) return [text];
  const asRole = `SET LOCAL ROLE ${ident(memberships.nameOf(actAs))}; ${text}; SET LOCAL ROLE NONE`;
  const isDirect = memberships.howToActAs(actAs) === 'direct';
  if (isDirect && identity === undefined) return [text];
  return [...(memberships.canSet(actAs) ? [asRole] : []), ...(isDirect ? [text] : [])];
}

async function attemptAll(session: Session, texts: readonly string[], isOptional: boolean): Promise<Result> {
  let result: Result = 'refused';
  for (const text of texts) if (result === 'refused') result = await attempt(session, text, isOptional);
  return result;
}

async function attempt(session: Session, text: string, isOptional: boolean): Promise<Result> {
  try {
    await session.attempt(text);
    session.changes += 1;
    return 'done';
  } catch (error) {
    const { code = '' } = codeAndMessage(error);
    if (error instanceof WouldWrite || isOfFunction(error)) throw error;
    if (REFUSALS.has(code)) return 'refused';
    if (UNDEFINED_OBJECT.has(code)) return 'gone';
    if (isOptional && retryFor(error) === undefined) return 'refused';
    throw error;
  }
}
