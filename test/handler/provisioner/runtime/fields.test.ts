import { Fields } from '../../../../lib/handler/provisioner/runtime/fields';

/** Reads one value in the way given; what is wrong comes second. */
function read<T>(value: unknown, how: (fields: Fields) => T): [T, string[]] {
  const problems: string[] = [];
  const result = how(new Fields({ x: value }, '', problems));
  return [result, problems];
}

test.each([[undefined], [null], ['']])('%p counts as no text', (value) => {
  expect(read(value, (fields) => fields.optionalText('x'))).toEqual([undefined, []]);
  expect(read(value, (fields) => fields.text('x'))).toEqual(['', ['`x` is missing']]);
});

test.each([
  ['a', 'a'],
  [5, '5'],
  [false, 'false'],
])('%p is the text %p', (value, text) => {
  expect(read(value, (fields) => fields.text('x'))).toEqual([text, []]);
});

test.each([[[]], [{}], [Symbol('a')]])('%p is a mistake where a text is wanted', (value) => {
  expect(read(value, (fields) => fields.optionalText('x'))).toEqual([undefined, ['`x` must be a text']]);
});

test.each([
  ['1', 1],
  ['9', 9],
  [7, 7],
  ['', 4],
  [undefined, 4],
])('%p is the whole number %p from 1 to 9, where 4 is the default', (value, number) => {
  expect(read(value, (fields) => fields.number('x', 4, 9))).toEqual([number, []]);
});

test.each(['0', '10', '5.5', '5 ', ' 5', '-5', '5e0', '0x5', 'five'])(
  '%p is no whole number from 1 to 9',
  (value) => {
    expect(read(value, (fields) => fields.number('x', 4, 9))).toEqual([
      4,
      [`\`x\` must be a whole number from 1 to 9, got: "${value}"`],
    ]);
  },
);

test.each([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
])('%p is the boolean %p, whatever the default', (value, flag) => {
  for (const fallback of [true, false])
    expect(read(value, (fields) => fields.flag('x', fallback))).toEqual([flag, []]);
});

test.each([true, false])('a boolean without a value has its default, %p', (fallback) => {
  expect(read(undefined, (fields) => fields.flag('x', fallback))).toEqual([fallback, []]);
});

test('accepts only the allowed words', () => {
  expect(read('b', (fields) => fields.oneOf('x', ['a', 'b'], 'a'))).toEqual(['b', []]);
  expect(read('c', (fields) => fields.oneOf('x', ['a', 'b'], 'a'))).toEqual([
    'a',
    ['`x` must be one of a, b, got: "c"'],
  ]);
});

test('quotes only the start of a long value', () => {
  const quotedFor = (length: number) =>
    read('w'.repeat(length), (fields) => fields.oneOf('x', ['a'], 'a'))[1];
  expect(quotedFor(40)).toEqual([`\`x\` must be one of a, got: "${'w'.repeat(40)}"`]);
  expect(quotedFor(41)).toEqual([`\`x\` must be one of a, got: "${'w'.repeat(40)}…"`]);
});

test.each([[undefined], [null]])('%p counts as no list and no map, without an error', (value) => {
  expect(read(value, (fields) => [fields.texts('x'), fields.textMap('x')])).toEqual([[undefined, {}], []]);
});

test('refuses lists and maps with other values than texts', () => {
  expect(read(['a'], (fields) => fields.texts('x'))).toEqual([['a'], []]);
  expect(read({ a: 'b' }, (fields) => fields.textMap('x'))).toEqual([{ a: 'b' }, []]);
  for (const value of ['a', ['a', 1], { a: 'b' }])
    expect(read(value, (fields) => fields.texts('x'))).toEqual([undefined, ['`x` must be a list of texts']]);
  for (const value of ['a', 5, ['a'], { a: 1, b: 'b' }])
    expect(read(value, (fields) => fields.textMap('x'))).toEqual([{}, ['`x` must be an object of texts']]);
});

test('a problem in a nested object names its path', () => {
  expect(read({}, (fields) => fields.object('x').text('y'))).toEqual(['', ['`x.y` is missing']]);
  for (const value of [undefined, null, 'a', 5, []])
    expect(read(value, (fields) => fields.object('x').text('y'))).toEqual([
      '',
      ['`x` must be an object', '`x.y` is missing'],
    ]);
});

test('a problem in a list of objects names the index', () => {
  expect(read([{ y: 'a' }, {}], (fields) => fields.objects('x').map((item) => item.text('y')))).toEqual([
    ['a', ''],
    ['`x[1].y` is missing'],
  ]);
  for (const value of [undefined, 'a', [], {}])
    expect(read(value, (fields) => fields.objects('x'))).toEqual([
      [],
      ['`x` must be a list with at least one item'],
    ]);
});

test.each([
  [undefined, false],
  [null, false],
  ['', true],
  [0, true],
])('that there is something of a name: %p, %p', (value, there) => {
  expect(read(value, (fields) => fields.has('x'))).toEqual([there, []]);
});

test('refuses properties that are not an object', () => {
  for (const value of [undefined, null, 'a', []]) {
    const problems: string[] = [];
    new Fields(value, '', problems);
    expect(problems).toEqual(['the properties must be an object']);
  }
  expect(new Fields({ x: 'a' }).text('x')).toBe('a');
});
