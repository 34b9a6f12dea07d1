import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueryResult } from 'pg';
import type { PlanReport } from '../../../lib/cli/plan/make-plan';
import { superuser } from './database';
import { REPOSITORY } from './lab';
import { shell } from './shell';
import type { World } from './world';

const TOOL = join(REPOSITORY, 'dist/cli/index.js');

/** What `plan` of the package says of the shared server, with the output of its script in the database app. */
export async function planOf(world: World): Promise<PlanReport> {
  const { lab, server } = world;
  const { stdout: script } = await shell(process.execPath, [TOOL, 'plan', '--sql'], { env: lab.env });
  const port = await lab.portOf(server.Host);
  const results = await superuser(lab, port, 'app', async (client) => client.query(script));
  const output = (results as unknown as QueryResult<Record<string, unknown>>[])
    .flatMap(({ rows }) => rows.map((row) => Object.values(row).join()))
    .join('\n');
  const file = join(lab.dir, 'plan.txt');
  writeFileSync(file, output);
  const args = ['plan', '--cluster', server.ClusterIdentifier, '--sql-result', file, '--json'];
  const done = await shell(process.execPath, [TOOL, ...args], { env: lab.env });
  assert.notEqual(done.stdout, '', done.text);
  return JSON.parse(done.stdout) as PlanReport;
}

/** The statuses of the findings about a topic. */
export const statusesOf = ({ findings }: PlanReport, topic: string) =>
  findings.filter((one) => one.topic === topic).map(({ status }) => status);
