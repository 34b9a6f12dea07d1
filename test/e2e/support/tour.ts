import { join } from 'node:path';
import type { LabOptions } from './lab';
import type { Scenario } from './scenario';
import { assertSame } from './same';
import { seed } from './seed';
import { World } from './world';

export interface Report {
  readonly passed: number;
  readonly failed: number;
  /** The emulators that ran, whose evidence is searched for secrets. */
  readonly worlds: readonly World[];
}

export interface TourOptions extends LabOptions {
  readonly scenarios: readonly Scenario[];
}

/** All scenarios in one order of resources, one after the other. After a failure the next starts in a fresh emulator. */
export async function tour(options: TourOptions): Promise<Report> {
  const worlds: World[] = [];
  let [passed, failed] = [0, 0];
  let world: World | undefined;
  for (const scenario of options.scenarios) {
    const started = Date.now();
    const line = (verdict: string) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
      console.log(
        `${verdict} ${seconds} s  ${options.order.padEnd(8)}  ${scenario.number}  ${scenario.title}`,
      );
    };
    try {
      if (!world) {
        world = await settle(options, worlds.length);
        worlds.push(world);
      }
      const before = await world.everything();
      await scenario.run(world);
      assertSame(await world.everything(), before, 'something was left behind or changed');
      passed++;
      line('PASS');
    } catch (error) {
      failed++;
      line('FAIL');
      console.log(indent(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      console.log(indent(`The emulator's logs are kept in ${world?.lab.dir ?? options.dir}`));
      await stop(world);
      world = undefined;
    }
  }
  await stop(world);
  return { passed, failed, worlds };
}

/** A fresh emulator, bootstrapped, with the server that the scenarios share. */
async function settle(options: TourOptions, count: number): Promise<World> {
  const dir = join(options.dir, `${options.order}-${count}`);
  const world = await World.start({ ...options, dir });
  world.server = (await world.cdk.deploy({ app: 'server', stacks: ['Server'] })).outputs;
  await seed(world, world.server);
  return world;
}

async function stop(world: World | undefined): Promise<void> {
  await Promise.all([world, ...(world?.siblings ?? [])].map((each) => each?.lab.stop()));
}

const indent = (text: string) => text.replace(/^/gm, '        ');
