import { handler } from '../../../../lib/handler/sql-runner';
import type { SqlRequest } from '../../../../lib/private/wire/sql';
import type { World } from './world';

/** The sql-runner itself in place of the stand-in; the clock of the account stands still while it works. */
export function useRealSqlRunner(world: World): void {
  world.functions.invoke = async (name, payload) => {
    world.faults.check('lambda:InvokeFunction', name);
    const release = world.clock.hold();
    try {
      return { payload: JSON.stringify(await handler(JSON.parse(payload) as SqlRequest)) };
    } finally {
      release();
    }
  };
}
