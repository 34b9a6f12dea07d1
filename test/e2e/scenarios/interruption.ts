import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Beside } from '../support/beside';
import { superuser } from '../support/database';
import { eventually } from '../support/eventually';
import { assertRefused } from '../support/refused';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { shell } from '../support/shell';
import type { World } from '../support/world';

/** Makes every statement that defines something wait, so that a run can be caught in the middle. */
const SLOW = `
  CREATE FUNCTION public.e2e_slow() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); END';
  CREATE EVENT TRIGGER e2e_slow ON ddl_command_end EXECUTE FUNCTION public.e2e_slow()`;

export const stoppedServer: Scenario = {
  number: '4.6',
  title: 'the server is stopped in mid-run',
  async run(world) {
    const before = await world.everything();
    const port = await world.lab.portOf(world.server.Host);
    const asRds = async (sql: string) => superuser(world.lab, port, 'app', async (c) => c.query(sql));
    await asRds(SLOW);
    const beside = new Beside(world);
    const deployment = beside.tryDeploy({ hurry: true });
    await eventually(async () => {
      const { rowCount } = await asRds("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
      return rowCount || undefined;
    }, 60);
    const server = await stop(world, port);
    const result = await deployment;
    await server.start();
    await asRds('DROP EVENT TRIGGER e2e_slow; DROP FUNCTION public.e2e_slow');
    assertRefused(result, /ECONNREFUSED/);
    await beside.tryDestroy();
    assertSame(await world.everything(), before, 'the interrupted run leaves something');
    const [source] = await beside.deploy();
    await world.datafold(source, async (client) => client.query('SELECT * FROM public.customers'));
    await beside.destroy();
  },
};

/** Stops a server at once, as a crash does. */
async function stop(world: World, port: number): Promise<{ start: () => Promise<void> }> {
  const data = join(world.lab.serverDir(port), 'data');
  const postgres = readFileSync(join(data, 'postmaster.opts'), 'utf8').split(' ')[0];
  const { uid, gid } = statSync(data);
  const log = join(world.lab.serverDir(port), 'postgresql.log');
  const ctl = async (...args: string[]) => {
    const done = await shell(join(dirname(postgres), 'pg_ctl'), [...args, '-w', '-D', data], {
      uid,
      gid,
      cwd: '/',
    });
    if (done.code !== 0) {
      throw new Error(`pg_ctl ${args.join(' ')}: ${done.text}`);
    }
  };
  await ctl('stop', '-m', 'immediate');
  return { start: async () => ctl('start', '-l', log) };
}
