/** How a statement came into the log. */
export interface StatementText {
  readonly sql: string;
  /** `statement` by the simple protocol, `execute` by the extended one with bind values. */
  readonly protocol: 'statement' | 'execute';
  /** True if `log_min_duration_statement` logged it, with its duration, and not `log_statement`. */
  readonly byDuration: boolean;
}

/** A name ends at the first `: `: names are not matched apart, so that no text takes more time than its length. */
const FORM = /^(?:duration: [\d.]+ ms {2})?(?:(statement)|execute (?!fetch from )[^\n]*?): /;

/**
 * Returns the statement in the text of an entry with severity LOG; undefined for any other text.
 *
 * `statement: SQL`, `execute <unnamed>: SQL`, `execute NAME/PORTAL: SQL`, each perhaps after `duration: 1.2 ms  `. Further
 * fetches from a portal (`execute fetch from`) and the steps `parse` and `bind` are not executions.
 */
export function statementIn(text: string): StatementText | undefined {
  const form = FORM.exec(text);
  if (!form) return undefined;
  return {
    sql: text.slice(form[0].length),
    protocol: form[1] === undefined ? 'execute' : 'statement',
    byDuration: text.startsWith('duration: '),
  };
}

/** Returns the PREPARE statement that the detail of an EXECUTE holds. */
export function prepareIn(detail: string): string | undefined {
  return /^prepare: ([^]*)/.exec(detail)?.[1];
}

/** True for a detail with bind values: `parameters: ` up to PostgreSQL 17, `Parameters: ` later. */
export function holdsParameters(detail: string): boolean {
  return /^parameters: /i.test(detail);
}
