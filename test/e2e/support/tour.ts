import { marks } from './marks';
import { Lab } from './lab';
import type { Scenario } from './scenario';
import { assertSame } from './same';
import { Skipped } from './skipped';
import type { World } from './world';

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Those that there were, whose evidence is searched for secrets. */
  readonly worlds: readonly World[];
}

export interface TourOptions {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  /** A world to run a scenario in, with the server that most of them share; the how-many-th it is. */
  readonly settle: (scenario: Scenario, count: number) => Promise<World>;
  /** Where the lines about the scenarios go; to the standard output if it is not given. */
  readonly say?: (text: string) => void;
  /** Ends a world; may say what is wrong with it at its end. */
  readonly leave: (world: World) => Promise<void>;
}

/** Scenarios one after the other. After a failure, or one with an emulator of its own, the next starts in a fresh world. */
export async function tour(options: TourOptions): Promise<Report> {
  const { say = console.log } = options;
  const worlds: World[] = [];
  const count = { PASS: 0, FAIL: 0, SKIP: 0 };
  let world: World | undefined;
  const leave = async (last: World | undefined) => {
    if (!last) return;
    await options.leave(last).catch((error: unknown) => {
      count.FAIL++;
      say(`FAIL ${options.name}: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  for (const scenario of options.scenarios) {
    const started = Date.now();
    const end = (verdict: keyof typeof count, ...more: string[]) => {
      count[verdict]++;
      const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
      say(`${verdict} ${seconds} s  ${options.name.padEnd(8)}  ${scenario.number}  ${scenario.title}`);
      more.forEach((text) => say(text.replace(/^/gm, '        ')));
    };
    try {
      if (!world) {
        world = await options.settle(scenario, worlds.length);
        worlds.push(world);
      }
      const [before, written] = [await world.everything(), logOf(world).length];
      await scenario.run(world);
      assertSame(await world.everything(), before, 'something was left behind or changed');
      const found = [
        ...marks(logOf(world), scenario.provokes, written),
        ...world.siblings.flatMap((sibling) => marks(logOf(sibling), scenario.provokes)),
      ];
      if (found.length > 0) throw new Error(`AWS would refuse what the emulator marks:\n${found.join('\n')}`);
      end('PASS');
      if (!scenario.emulator) continue;
    } catch (error) {
      if (error instanceof Skipped) {
        end('SKIP', error.message);
        continue;
      }
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      end('FAIL', what, ...(world ? [`The logs are kept in ${world.cloud.dir}`] : []));
    }
    await leave(world);
    world = undefined;
  }
  await leave(world);
  return { passed: count.PASS, failed: count.FAIL, skipped: count.SKIP, worlds };
}

/** What an emulator has written down; an account of AWS marks nothing. */
const logOf = ({ cloud }: World) => (cloud instanceof Lab ? cloud.log : '');
