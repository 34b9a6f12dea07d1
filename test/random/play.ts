import { join } from 'node:path';
import { World } from '../e2e/support/world';
import { Game } from './game';
import { Seeded } from './seeded';
import { anyChange, anyVariant, fixedChanges } from './variant';

export interface Options {
  readonly sources: string;
  readonly dir: string;
  /** Whether the fixed changes come first. */
  readonly fixed: boolean;
  readonly rounds: number;
  readonly seed: number;
  /** The Node that runs functions of the runtime nodejs24.x. */
  readonly node24?: string;
}

/** After so many rounds the stack is destroyed, and the next one begins with nothing. */
const ROUNDS_OF_A_STACK = 10;

/** Stops at the first difference: what follows it would say nothing. */
export async function play({ sources, dir, fixed, rounds, seed, node24 }: Options): Promise<boolean> {
  const world = await World.empty({
    sources,
    dir: join(dir, 'lab'),
    order: `random:${seed}`,
    postgresPort: 22_600,
    node24,
  });
  const game = await Game.start(world);
  try {
    if (fixed) await playFixed(game);
    await playRandom(game, rounds, new Seeded(seed));
    return true;
  } catch (error) {
    console.log(`FAIL ${(error as Error).message}`);
    console.log(`The changes of this stack:\n${game.history.map((line) => `  ${line}`).join('\n')}`);
    console.log(`The emulator's logs are kept in ${world.lab.dir}`);
    return false;
  } finally {
    await game.stop();
    await world.lab.stop();
  }
}

async function playRandom(game: Game, rounds: number, random: Seeded): Promise<void> {
  let failing = 0;
  for (let done = 0; done < rounds;) {
    let variant = anyVariant(random);
    await game.create(variant);
    for (let round = 0; round < ROUNDS_OF_A_STACK && done < rounds; round++, done++) {
      if (done % 3 === 0) failing = done + random.between(0, 2);
      variant = await game.change(variant, anyChange(random, variant, done === failing));
    }
    await game.destroy();
  }
}

async function playFixed(game: Game): Promise<void> {
  let variant = anyVariant(new Seeded(1));
  await game.create(variant);
  for (const change of fixedChanges(variant)) variant = await game.change(variant, change);
  await game.destroy();
}
