import { type Session, WouldWrite } from '../connection/session';
import { ident } from '../identifiers';
import type { Statement } from '../plan/statement';
import { codeAndMessage, isOfFunction, retryFor } from '../sqlstates';
import type { RoleMemberships } from './role-memberships';

/** The outcome of a list of statements. */
export interface Outcome {
  /** False if time or the lock budget ran out before the end of the list. */
  readonly finished: boolean;
  /** Statements that the server refused, or whose role the administrator may not act as. */
  readonly refused: readonly Statement[];
}

/** Insufficient privilege, invalid grant operation, dependent objects still exist. */
const REFUSALS = new Set(['42501', '0LP01', '2BP01']);
/** A relation, schema or role that was dropped between reading and writing. */
const UNDEFINED_OBJECT = new Set(['42P01', '3F000', '42704']);

/**
 * Runs statements one by one, each in a savepoint. A refused statement with parts is retried as its parts. A statement that names a
 * dropped object is skipped.
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
    if (result === 'undefined') session.isStale = true;
    if (result === 'done') session.lockBudget -= locks;
  }
  return { finished: true, refused };
}

type Result = 'done' | 'refused' | 'undefined';

/** Returns the statement in the forms to try, with or without SET ROLE; none if the administrator may not act as the role. */
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
    if (UNDEFINED_OBJECT.has(code)) return 'undefined';
    if (isOptional && retryFor(error) === undefined) return 'refused';
    throw error;
  }
}
