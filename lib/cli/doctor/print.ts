import { styles, type Terminal } from '../terminal';
import { table } from '../terminal/table';
import { jsonText } from '../terminal/visible';
import type { Check } from './check';
import { counted } from './report/page/format';

const WORDS = { ok: 'ok', warning: 'warning', failed: 'FAILED' };
const COLUMNS = [{ minWidth: 7 }, {}, {}, {}];

/** A row for each check, and a summary. */
export function asText(checks: readonly Check[], terminal: Terminal): string {
  const { red, green, yellow } = styles(terminal);
  const style = { ok: green, warning: yellow, failed: red };
  const rows = checks.map(({ check, subject, status, message, next }) => {
    const advice = next === undefined ? '' : ` Next: ${next}`;
    return [{ text: WORDS[status], style: style[status] }, subject, check, `${message}${advice}`];
  });
  const count = (status: Check['status']) => checks.filter((one) => one.status === status).length;
  const sum = `${counted(checks.length, 'check')}: ${count('ok')} ok, ${counted(count('warning'), 'warning')}, ${count('failed')} failed.\n`;
  return `${table(COLUMNS, rows, terminal)}${sum}`;
}

/** The checks as JSON. */
export function asJson(checks: readonly Check[]): string {
  return jsonText({ ok: hasNoFailures(checks), checks });
}

/** True if no check failed; warnings do not count. */
export function hasNoFailures(checks: readonly Check[]): boolean {
  return checks.every(({ status }) => status !== 'failed');
}
