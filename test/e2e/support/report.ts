import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../lib/cli/doctor/report/model';
import { eventually } from './eventually';
import { REPOSITORY } from './lab';
import { shell } from './shell';
import type { DataSource, World } from './world';

const TABLE = 'datafold_tmp.reported';

/** A statement with lineage in the database is found in the report that the doctor makes of the log in CloudWatch. */
export async function assertReport(world: World, secret: string, source: DataSource): Promise<void> {
  await world.datafold(source, async (client) => {
    await client.query(`CREATE TABLE ${TABLE} AS SELECT * FROM sales.orders`);
    await client.query(`DROP TABLE ${TABLE}`);
  });
  const file = join(world.cloud.dir, 'report.html');
  const tool = join(REPOSITORY, 'dist/cli/index.js');
  const args = [tool, 'doctor', '--secret', secret, '--hours', '1', '--report', file, '--json'];
  const edge = await eventually(async () => {
    const done = await shell(process.execPath, args, { env: world.cloud.env });
    const { logs } = JSON.parse(done.stdout) as Report;
    return logs[0]?.coverage.edges.find(({ target }) => target === TABLE);
  });
  assert.deepEqual([edge.source, edge.database, edge.roles], ['sales.orders', 'app', ['datafold']]);
  assert.match(readFileSync(file, 'utf8'), /<code>sales\.orders<\/code>/);
}
