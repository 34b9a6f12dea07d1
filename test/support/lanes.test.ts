import { lanes, seeds } from '../e2e/support/lanes';
import type { Scenario } from '../e2e/support/scenario';

const scenario = (number: string, more: Partial<Scenario> = {}): Scenario => ({
  number,
  title: '',
  run: async () => undefined,
  ...more,
});
const ALL = [...['1', '2.1', '2.2', '10'].map((number) => scenario(number)), scenario('9', { emulator: {} })];

const planned = (...args: string[]) =>
  Object.fromEntries(
    lanes(ALL, { args, seeds: [7, 8] }).map(({ name, order, scenarios }) => [
      `${name} (${order})`,
      scenarios.map(({ number }) => number).join(' '),
    ]),
  );

test('every scenario runs in four orders, those with an emulator of their own once', () => {
  expect(planned()).toEqual({
    'random (random:7)': '1 2.1 2.2 10',
    'template (template)': '1 2.1 2.2 10',
    'reverse (reverse)': '1 2.1 2.2 10',
    'random2 (random:8)': '1 2.1 2.2 10',
    'apart (template)': '9',
  });
});

test('in CI every scenario runs once, in one of the four orders', () => {
  expect(planned('--ci')).toEqual({
    'random (random:7)': '10',
    'template (template)': '1',
    'reverse (reverse)': '2.1',
    'random2 (random:8)': '2.2',
    'apart (template)': '9',
  });
});

test('numbers and names of lanes choose', () => {
  expect(planned('2', 'reverse')).toEqual({ 'reverse (reverse)': '2.1 2.2' });
  expect(planned('1', 'template', 'random')).toEqual({
    'random (random:7)': '1',
    'template (template)': '1',
  });
});

test('what is not there is an error, not a suite that passes with nothing', () => {
  expect(() => planned('sideways')).toThrow(
    'There is no lane sideways: they are random, template, reverse, random2, apart.',
  );
  expect(() => planned('77')).toThrow('There is no scenario 77.');
  expect(() => planned('Reverse')).toThrow('There is no lane Reverse: they are');
  expect(() => planned('--verbose')).toThrow('There is no option --verbose: see npm run test:e2e -- --help.');
});

test('seeds are those of E2E_SEEDS, always the same in CI, new ones elsewhere', () => {
  expect(seeds(['--ci'], { E2E_SEEDS: '5,6' })).toEqual([5, 6]);
  expect(seeds(['--ci'], { E2E_SEEDS: '5' })).toEqual([5, 2]);
  expect(seeds(['--ci'], {})).toEqual([1, 2]);
  expect(seeds([], {})).not.toEqual(seeds([], {}));
  expect(() => seeds([], { E2E_SEEDS: 'new' })).toThrow(
    'E2E_SEEDS=new must be one or two whole numbers, as in E2E_SEEDS=7,8.',
  );
});
