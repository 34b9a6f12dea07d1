import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Benchmark } from './figure';

const MEGABYTES = 200;

interface Run {
  readonly seconds: number;
  readonly mebibytes: number;
  readonly statements: number;
  readonly parsed: number;
}

/** Time and memory of a report on 200 MB of log: of an application with jobs, and of jobs that make new tables each time. */
export const run: Benchmark = async () =>
  ['mixed', 'jobs'].flatMap((kind) => {
    const args = ['--import', 'tsx', join(__dirname, 'large-log.ts'), String(MEGABYTES), kind];
    const out = execFileSync(process.execPath, args, { encoding: 'utf8' });
    const { seconds, mebibytes, statements, parsed } = JSON.parse(out) as Run;
    const name = `report on ${MEGABYTES} MB of log, ${kind}`;
    const detail = `${statements} statements, ${parsed} parsed`;
    return [
      { name, value: seconds, unit: 's' as const, limit: 180, detail },
      { name: `${name}: peak of memory`, value: mebibytes, unit: 'MiB' as const, limit: 512 },
    ];
  });
