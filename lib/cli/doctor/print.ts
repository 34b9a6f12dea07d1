import type { Check } from './check';

const WORDS = { ok: 'ok', warning: 'warning', failed: 'FAILED' };

/** A line for each check, and a summary. */
export function asText(checks: readonly Check[]): string {
  const width = (read: (check: Check) => string) => Math.max(...checks.map((check) => read(check).length));
  const [names, subjects] = [width(({ check }) => check), width(({ subject }) => subject)];
  const lines = checks.map(({ check, subject, status, message, next }) => {
    const advice = next === undefined ? '' : ` Next: ${next}`;
    return `${WORDS[status].padEnd(7)}  ${subject.padEnd(subjects)}  ${check.padEnd(names)}  ${message}${advice}`;
  });
  const count = (status: Check['status']) => checks.filter((one) => one.status === status).length;
  const sum = `${checks.length} checks: ${count('ok')} ok, ${count('warning')} warnings, ${count('failed')} failed.`;
  return [...lines, sum, ''].join('\n');
}

/** The checks as JSON. */
export function asJson(checks: readonly Check[]): string {
  return `${JSON.stringify({ ok: hasNoFailures(checks), checks }, undefined, 2)}\n`;
}

/** True if no check failed; warnings do not count. */
export function hasNoFailures(checks: readonly Check[]): boolean {
  return checks.every(({ status }) => status !== 'failed');
}
