import { parseEntry } from '../../../lib/cli/statement-log/entry';
import { kindOf } from '../../../lib/cli/statement-log/kind';
import { mask } from '../../../lib/cli/statement-log/mask';
import { statementIn } from '../../../lib/cli/statement-log/statement-text';

const SIZE = 1_000_000;
/** A slow machine takes some two seconds at most; what grows with the square of the size takes minutes. */
const MAX_MS = 10_000;
const CLIENT = '2026-11-28 11:59:00 UTC:10.0.0.7(5123):';
const filled = (unit: string) => unit.repeat(SIZE / unit.length);

/** Returns the milliseconds that some work takes. */
function timeOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

const UNITS = [
  '/',
  'a/',
  ':/',
  '/:',
  ': /',
  '@',
  ':',
  '@:',
  '@:[1]:',
  '@:[1]:LOG:',
  'LOG: ',
  '[1]:',
  '(1',
  ' ',
];
const OF_SQL = [
  "'",
  '"',
  '$',
  '$a',
  '1,',
  '(1),',
  '( ? ) , ',
  '; ',
  '1,-',
  '/*',
  '--\n',
  '(',
  '1e',
  "e'\\",
  'a""',
];

test.each(UNITS)('an entry of a megabyte of %j is parsed in less than ten seconds', (unit) => {
  for (const start of [
    '2026-11-28 11:59:00 UTC:',
    CLIENT,
    `${CLIENT}u@d:[12]:`,
    `${CLIENT}u@d:[12]:LOG:  `,
  ]) {
    const message = start + filled(unit);
    expect(timeOf(() => parseEntry({ stream: 's.0', at: 1, message }))).toBeLessThan(MAX_MS);
  }
});

test.each(UNITS)('the statement in a text of a megabyte of %j is found in less than ten seconds', (unit) => {
  for (const start of ['', 'statement', 'execute ', 'duration: 1 ms  execute ', 'execute <unnamed>/'])
    expect(timeOf(() => statementIn(start + filled(unit)))).toBeLessThan(MAX_MS);
});

test.each([...UNITS, ...OF_SQL])(
  'a statement of a megabyte of %j is masked in less than ten seconds',
  (unit) => {
    for (const start of ['', 'select ', 'with ', 'explain ', 'create table "'])
      expect(timeOf(() => kindOf(mask(start + filled(unit))))).toBeLessThan(MAX_MS);
  },
);
