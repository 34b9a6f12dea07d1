import { parseTablePattern } from '../lib/private/access/table-pattern';

test.each([
  ['sales.orders', { schema: 'sales', table: 'orders', isExact: true }],
  ['sales.*', { schema: 'sales', table: '%', isExact: false }],
  ['*.log_*', { schema: '%', table: 'log\\_%', isExact: false }],
  ['Sales 2026.a%b\\c', { schema: 'Sales 2026', table: 'a\\%b\\\\c', isExact: true }],
  ['"odd.s"."t*"', { schema: 'odd.s', table: 't*', isExact: true }],
  ['sales."a ""b"""', { schema: 'sales', table: 'a "b"', isExact: true }],
])('%s stands for tables as LIKE takes them', (text, pattern) => {
  expect(parseTablePattern(text)).toEqual(pattern);
});

test.each([
  '',
  'orders',
  'a.b.c',
  '.orders',
  'sales.',
  '"sales.orders',
  'sales."',
  '""."t"',
  'sales.or"ders',
])('%j is no pattern', (text) => {
  expect(parseTablePattern(text)).toBeUndefined();
});
