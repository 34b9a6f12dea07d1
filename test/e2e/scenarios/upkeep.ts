import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Check } from '../../../lib/cli/doctor/check';
import { Beside } from '../support/beside';
import { superuser } from '../support/database';
import { REPOSITORY } from '../support/lab';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { shell } from '../support/shell';
import { runScheduledTask } from '../support/scheduled-task';
import type { World } from '../support/world';

/** What is wrong with a server whose statement log nobody switched on. */
const NO_LOG = ['log_group', 'parameter_group', 'lineage_download'];

export const upkeep: Scenario = {
  number: '10',
  title: 'after the deployment: drift is repaired on schedule, and the doctor finds what is wrong',
  async run(world) {
    const beside = new Beside(world);
    const props = { reconcile: { repair: true }, verification: { outputs: true } };
    await beside.deploy({ props });
    const deployed = await world.everything();
    const port = await world.lab.portOf(world.server.Host);
    await superuser(world.lab, port, 'app', (client) =>
      client.query('REVOKE SELECT ON sales.orders FROM datafold'),
    );
    assert.deepEqual(await failedChecks(world), ['schema_download', ...NO_LOG]);

    await runScheduledTask(world);
    assertSame(await world.everything(), deployed, 'the reconciliation has not repaired the grant');
    assert.deepEqual(await failedChecks(world), NO_LOG);
    await beside.destroy();
  },
};

/** Runs the command line tool of the package against the emulated account; the server is reached by the function only. */
async function failedChecks({ lab }: World): Promise<string[]> {
  const tool = join(REPOSITORY, 'dist/cli/index.js');
  const done = await shell(process.execPath, [tool, 'doctor', '--stack', 'Beside', '--json'], {
    env: lab.env,
  });
  assert.equal(done.code, 1, done.text);
  const { checks } = JSON.parse(done.stdout) as { checks: Check[] };
  assert.match(checks.find(({ check }) => check === 'connection')?.message ?? '', /Tested by the function/);
  return checks.filter(({ status }) => status === 'failed').map(({ check }) => check);
}
