import assert from 'node:assert/strict';
import type { PathVariant } from '../apps/network-path';
import { deployPath, destroyPath, makeAccessible, openGateway, tryPath } from '../support/network-path';
import { networkState } from '../support/network-state';
import { LATE_LOOK } from '../support/private-link';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { failures } from '../support/stack-events';
import type { World } from '../support/world';

const PATHS = ['private-link', 'shared', 'allowlist', 'prefix-list'] as const;
/** Fails with the resource that is made after the path. */
const LATER = /sg-0123456789abcdef0/;

export const networkRollback: Scenario = {
  number: '13.6',
  title:
    'a resource that fails after a network path: a rollback deletes a new path, and restores the previous one or none',
  provokes: LATE_LOOK,
  async run(world) {
    const before = await state(world);
    await makeAccessible(world, true);
    const closeGateway = await openGateway(world);
    const reachable = await state(world);

    for (const path of PATHS) {
      await failsLater(world, { path });
      await destroyPath(world, { path });
      assertSame(await state(world), reachable, `something is left of a new path: ${path}`);
    }

    await deployPath(world, { path: 'none' });
    for (const path of [...PATHS, 'none'] as const) {
      const previous = await state(world);
      await failsLater(world, { path });
      assertSame(await state(world), previous, `the path is not as before the failed change to: ${path}`);
      await deployPath(world, { path });
      if (path === 'none') continue;
      const deployed = await state(world);
      await failsLater(world, { path, changed: true });
      assertSame(
        await state(world),
        deployed,
        `the settings are not as before the failed update of: ${path}`,
      );
      await deployPath(world, { path, changed: true });
      assert.notDeepEqual(await state(world), deployed);
      await deployPath(world, { path });
      assertSame(await state(world), deployed, `the settings are not as before the two updates of: ${path}`);
    }
    await destroyPath(world, { path: 'none' });
    assertSame(await state(world), reachable, 'something is left after cdk destroy');
    await closeGateway();
    await makeAccessible(world, false);
    assertSame(await state(world), before, 'something is left of the gateway');
  },
};

/** The network, and all else of AWS and the server. */
const state = async (world: World) => [...(await networkState(world)), ...(await world.everything())];

async function failsLater(world: World, variant: Partial<PathVariant>): Promise<void> {
  const failed = await tryPath(world, { ...variant, fails: true });
  assert.notEqual(failed.code, 0);
  assert.match(failures(failed.events).join('\n'), LATER);
}
