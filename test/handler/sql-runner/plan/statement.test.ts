import { chunks, divisible, groupBy } from '../../../../lib/handler/sql-runner/plan/statement';

test.each([
  [[], []],
  [['a'], [['a']]],
  [['a', 'b', 'c'], [['a', 'b', 'c']]],
  [
    ['a', 'b', 'c', 'd'],
    [['a', 'b', 'c'], ['d']],
  ],
])('items %j make chunks of at most 3: %j', (items, expected) => {
  expect(chunks(items, 3)).toEqual(expected);
});

test('items are grouped by key, both in order of appearance', () => {
  expect([...groupBy(['b1', 'a1', 'b2'], (item) => item[0])]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1']],
  ]);
});

test('a statement has one part per key; a statement with a single key has no parts', () => {
  const statementFor = (some: readonly string[]) => ({ text: some.join() });
  expect(divisible(['b1', 'a1', 'b2'], (item) => item[0], statementFor)).toStrictEqual({
    text: 'b1,a1,b2',
    parts: [{ text: 'b1,b2' }, { text: 'a1' }],
  });
  expect(divisible(['b1', 'b2'], (item) => item[0], statementFor)).toStrictEqual({ text: 'b1,b2' });
});
