import { ident } from '../identifiers';

/** A role or a database with its log_statement setting. */
export interface LogSubject {
  readonly kind: 'role' | 'database';
  readonly name: string;
  readonly exists: boolean;
  /** The value as it was written. */
  readonly logStatement?: string;
}

/** The statements that exclude roles and databases from the log. */
export interface LogExclusionPlan {
  readonly statements: readonly string[];
  /** Reasons to change nothing. */
  readonly problems: readonly string[];
  /** Notices about settings that are not changed. */
  readonly notices: readonly string[];
}

/**
 * The value that this library sets. PostgreSQL ignores the case of the value and stores it as written; the unusual spelling
 * tells settings of this library from existing ones.
 */
export const OURS = 'NONE';

/** Plans the statements that exclude `desired` from the log and end `previousExclusions`. */
export function planLogExclusions(
  desired: readonly LogSubject[],
  previousExclusions: readonly LogSubject[],
): LogExclusionPlan {
  const statements: string[] = [];
  const problems: string[] = [];
  const notices: string[] = [];
  for (const subject of desired) {
    const { logStatement } = subject;
    if (!subject.exists) problems.push(`${describe(subject)} does not exist`);
    else if (logStatement === undefined) statements.push(`${alter(subject)} SET log_statement = '${OURS}'`);
    else if (logStatement.toLowerCase() !== 'none')
      problems.push(`${describe(subject)} has log_statement=${logStatement} set`);
    else if (logStatement !== OURS)
      notices.push(`The ${describe(subject)} was already excluded from the log.`);
  }
  for (const subject of previousExclusions) {
    if (subject.logStatement === OURS) statements.push(`${alter(subject)} RESET log_statement`);
    else if (subject.exists && subject.logStatement !== undefined)
      notices.push(
        `The ${describe(subject)} keeps log_statement=${subject.logStatement}, which another role has set.`,
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
