// `npm run bench -- [NAME …] [--json FILE] [--peer]`: prints the figures of all benchmarks, or of those named.
// With --peer, the sql-runner is compared with cdk-rds-sql too, which npm installs into a folder of its own.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Benchmark, Figure } from './figure';

const BENCHMARKS: Record<string, () => Promise<{ run: Benchmark }>> = {
  bundles: () => import('./bundles'),
  deploy: () => import('./deploy'),
  fleet: () => import('./fleet'),
  report: () => import('./report'),
  sql: () => import('./sql'),
  synth: () => import('./synth'),
};

function print({ name, value, unit, limit, detail }: Figure): void {
  const bound =
    limit === undefined ? '' : `  (wanted: at most ${limit} ${unit}: ${value <= limit ? 'ok' : 'MISSED'})`;
  console.log(`${name}: ${Number(value.toPrecision(4))} ${unit}${bound}${detail ? `  ${detail}` : ''}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, peer: { type: 'boolean', default: false } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
  const figures: Figure[] = [];
  for (const name of names) {
    if (!BENCHMARKS[name])
      throw new Error(`There is no benchmark ${name}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
    const { run } = await BENCHMARKS[name]();
    for (const figure of await run({ peer: values.peer })) {
      print(figure);
      figures.push(figure);
    }
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  if (figures.some(({ value, limit }) => limit !== undefined && value > limit)) process.exitCode = 1;
}

void main();
