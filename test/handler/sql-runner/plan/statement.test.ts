import { chunks, divisible, groupBy } from '../../../../lib/handler/sql-runner/plan/statement';

test.each([
  [[], []],
  [[1], [[1]]],
  [[1, 1, 1], [[1, 1, 1]]],
  [
    [1, 1, 1, 1],
    [[1, 1, 1], [1]],
  ],
  [
    [2, 2, 1],
    [[2], [2, 1]],
  ],
  [
    [9, 1, 9],
    [[9], [1], [9]],
  ],
])('items of the weights %j make runs of at most 3: %j', (items, runs) => {
  expect(chunks(items, 3, (weight) => weight)).toEqual(runs);
});

test('without a weight each item counts once', () => {
  expect(chunks(['a', 'b', 'c'], 2)).toEqual([['a', 'b'], ['c']]);
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
