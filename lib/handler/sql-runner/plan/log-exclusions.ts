import { ident } from '../identifiers';

/** A role or a database, and the log_statement that it has of its own. */
export interface LogSubject {
  readonly kind: 'role' | 'database';
  readonly name: string;
  readonly exists: boolean;
  /** As it was written. */
  readonly logStatement?: string;
}

export interface LogExclusionPlan {
  readonly statements: readonly string[];
  /** Why it can't be done. */
  readonly problems: readonly string[];
  /** What is left alone. */
  readonly notices: readonly string[];
}

/**
 * PostgreSQL takes the value in any case and keeps it as it was written. Nobody else writes it so: by that a setting of ours is
 * known, and one that was there before is not taken for it.
 */
export const OURS = 'NONE';

/** The statements that keep `wanted` out of the log, and bring `former` back into it. */
export function planLogExclusions(
  desired: readonly LogSubject[],
  previousExclusions: readonly LogSubject[],
): LogExclusionPlan {
  const statements: string[] = [];
  const problems: string[] = [];
  const notices: string[] = [];
  for (const subject of desired) {
    const { logStatement } = subject;
    if (!subject.exists) problems.push(`there is no ${describe(subject)}`);
    else if (logStatement === undefined) statements.push(`${alter(subject)} SET log_statement = '${OURS}'`);
    else if (logStatement.toLowerCase() !== 'none')
      problems.push(`${describe(subject)} has log_statement=${logStatement} of its own`);
    else if (logStatement !== OURS) notices.push(`The ${describe(subject)} was kept out of the log before.`);
  }
  for (const subject of previousExclusions) {
    if (subject.logStatement === OURS) statements.push(`${alter(subject)} RESET log_statement`);
    else if (subject.exists && subject.logStatement !== undefined)
      notices.push(
        `The ${describe(subject)} keeps log_statement=${subject.logStatement}, which somebody else has set.`,
      );
  }
  return { statements, problems, notices };
}

function describe({ kind, name }: LogSubject): string {
  return `${kind} ${ident(name)}`;
}

function alter({ kind, name }: LogSubject): string {
  return `ALTER ${kind === 'role' ? 'ROLE' : 'DATABASE'} ${ident(name)}`;
}
