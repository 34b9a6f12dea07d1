import type { Order } from './lab';
import type { Scenario } from './scenario';

/** What `--help` prints. */
export const USAGE = `npm run test:e2e                     all, in four orders: of the template, reversed, two random ones
npm run test:e2e -- --ci             all, each in one of the orders: what CI runs
npm run test:e2e -- 4 reverse        scenarios 4.1, 4.2 and so on, in one order (template, reverse, random, random2)
npm run test:e2e -- apart            those that need an emulator of another kind
E2E_SEEDS=7,8 npm run test:e2e       the random orders of a former run, which it printed
LOCALAWS_DIR=… npm run test:e2e      the folder of the emulated AWS, without which everything is skipped
E2E_AWS=1 E2E_AWS_ACCOUNT=… AWS_REGION=… npm run test:e2e    in an account of AWS: docs/real-aws.md`;

/** Scenarios that run one after the other, and in which order the emulator makes resources. */
export interface Lane {
  readonly name: string;
  readonly order: Order;
  readonly scenarios: readonly Scenario[];
}

export interface Wishes {
  /** What was asked for: numbers of scenarios, names of lanes, `--ci`. */
  readonly args: readonly string[];
  /** Those of the two random orders. */
  readonly seeds: readonly [number, number];
}

/** Two seeds for the random orders: as `E2E_SEEDS=7,8` says, else the same always in CI and new ones elsewhere. */
export function seeds(args: readonly string[], env: NodeJS.ProcessEnv): [number, number] {
  const given = env.E2E_SEEDS?.split(',').map(Number) ?? [];
  if (given.length > 2 || given.some((seed) => !Number.isSafeInteger(seed)))
    throw new Error(`E2E_SEEDS=${env.E2E_SEEDS} must be one or two whole numbers, as in E2E_SEEDS=7,8.`);
  const fresh = () => Math.floor(Math.random() * 1_000_000);
  const [first, second] = args.includes('--ci') ? [1, 2] : [fresh(), fresh()];
  return [given[0] ?? first, given[1] ?? second];
}

/**
 * Every scenario in four orders: that of the template, reversed, two random ones. In CI in one of the four, dealt out in
 * turn. Scenarios with an emulator of their own run once, in the lane `apart`.
 */
export function lanes(scenarios: readonly Scenario[], { args, seeds: [first, second] }: Wishes): Lane[] {
  const numbers = args.filter((arg) => /^\d/.test(arg));
  const names = args.filter((arg) => !/^\d/.test(arg) && arg !== '--ci');
  const chosen = scenarios.filter(
    ({ number }) => numbers.length === 0 || numbers.some((wanted) => `${number}.`.startsWith(`${wanted}.`)),
  );
  const together = chosen.filter(({ emulator }) => emulator === undefined);
  const dealt = (turn: number) =>
    args.includes('--ci') ? together.filter((one) => scenarios.indexOf(one) % 4 === turn) : together;
  const all: Lane[] = [
    { name: 'random', order: `random:${first}`, scenarios: dealt(3) },
    { name: 'template', order: 'template', scenarios: dealt(0) },
    { name: 'reverse', order: 'reverse', scenarios: dealt(1) },
    { name: 'random2', order: `random:${second}`, scenarios: dealt(2) },
    { name: 'apart', order: 'template', scenarios: chosen.filter((one) => one.emulator !== undefined) },
  ];
  const option = names.find((name) => name.startsWith('-'));
  if (option !== undefined) throw new Error(`There is no option ${option}: see npm run test:e2e -- --help.`);
  const unknown = names.filter((name) => !all.some((lane) => lane.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no lane ${unknown.join(', ')}: they are ${all.map(({ name }) => name).join(', ')}.`,
    );
  if (numbers.length > 0 && chosen.length === 0)
    throw new Error(`There is no scenario ${numbers.join(', ')}.`);
  return all.filter((lane) => lane.scenarios.length > 0 && (names.length === 0 || names.includes(lane.name)));
}
