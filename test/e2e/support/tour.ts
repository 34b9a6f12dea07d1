import { join } from 'node:path';
import type { LabOptions } from './lab';
import { marks } from './marks';
import type { Scenario } from './scenario';
import { assertSame } from './same';
import { seed } from './seed';
import { Skipped } from './skipped';
import { World } from './world';

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The emulators that ran, whose evidence is searched for secrets. */
  readonly worlds: readonly World[];
}

export interface TourOptions extends LabOptions {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

/** Scenarios one after the other. After a failure, or one with an emulator of its own, the next starts in a fresh one. */
export async function tour(options: TourOptions): Promise<Report> {
  const worlds: World[] = [];
  const count = { PASS: 0, FAIL: 0, SKIP: 0 };
  let world: World | undefined;
  for (const scenario of options.scenarios) {
    const started = Date.now();
    const end = (verdict: keyof typeof count, ...more: string[]) => {
      count[verdict]++;
      const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
      console.log(
        `${verdict} ${seconds} s  ${options.name.padEnd(8)}  ${scenario.number}  ${scenario.title}`,
      );
      more.forEach((text) => console.log(text.replace(/^/gm, '        ')));
    };
    try {
      if (!world) {
        world = await settle(options, worlds.length, scenario);
        worlds.push(world);
      }
      const [before, written] = [await world.everything(), world.lab.log.length];
      await scenario.run(world);
      assertSame(await world.everything(), before, 'something was left behind or changed');
      const logs = [world.lab.log.slice(written), ...world.siblings.map(({ lab }) => lab.log)];
      const found = logs.flatMap((log) => marks(log, scenario.provokes));
      if (found.length > 0) throw new Error(`AWS would refuse what the emulator marks:\n${found.join('\n')}`);
      end('PASS');
      if (!scenario.emulator) continue;
    } catch (error) {
      if (error instanceof Skipped) {
        end('SKIP', error.message);
        continue;
      }
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      end('FAIL', what, `The emulator's logs are kept in ${world?.lab.dir ?? options.dir}`);
    }
    await stop(world);
    world = undefined;
  }
  await stop(world);
  return { passed: count.PASS, failed: count.FAIL, skipped: count.SKIP, worlds };
}

/** A fresh emulator: bootstrapped, with the server that the scenarios share, if the scenario wants no other. */
async function settle(options: TourOptions, count: number, { emulator }: Scenario): Promise<World> {
  const dir = join(options.dir, `${options.name}-${count}`);
  if (emulator) return World.empty({ ...options, ...emulator, dir });
  const world = await World.start({ ...options, dir });
  world.server = (await world.cdk.deploy({ app: 'server', stacks: ['Server'] })).outputs;
  await seed(world, world.server);
  return world;
}

async function stop(world: World | undefined): Promise<void> {
  await Promise.all([world, ...(world?.siblings ?? [])].map((each) => each?.lab.stop()));
}
