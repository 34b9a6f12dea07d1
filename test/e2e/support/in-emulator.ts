import { join } from 'node:path';
import type { LabOptions } from './lab';
import type { Lane } from './lanes';
import { seed } from './seed';
import type { TourOptions } from './tour';
import { World } from './world';

type Options = Pick<LabOptions, 'sources' | 'dir' | 'postgresPort' | 'node24'>;

/** A lane in emulators: each is bootstrapped and has the server that the scenarios share, if the scenario wants no other. */
export function inEmulator(lane: Lane, options: Options): TourOptions {
  return {
    ...lane,
    async settle({ emulator }, count) {
      const own = { ...options, order: lane.order, dir: join(options.dir, `${lane.name}-${count}`) };
      if (emulator) return World.empty({ ...own, ...emulator });
      const world = await World.start(own);
      world.server = (await world.cdk.deploy({ app: 'server', stacks: ['Server'] })).outputs;
      await seed(world, world.server);
      return world;
    },
    async leave(world) {
      await Promise.all([world, ...world.siblings].map(({ cloud }) => cloud.stop()));
    },
  };
}
