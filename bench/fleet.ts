import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { template } from '../bin/template/template';
import { type Benchmark, type Figure, median } from './figure';

const RUNS = 5;
const FEW = 50;
const MANY = 500;
const APP = join(__dirname, 'fleet-app.ts');

/** Synth of a fleet, by the number of its servers; sizes of the templates. */
export const run: Benchmark = async () => {
  const out = mkdtempSync(join(tmpdir(), 'datafold-fleet-'));
  const few: Sample[] = [];
  const many: Sample[] = [];
  for (let i = 0; i < RUNS; i++) {
    few.push(sample(FEW, join(out, `few-${i}`)));
    many.push(sample(MANY, join(out, `many-${i}`)));
  }
  const largest = Math.max(...templatesIn(join(out, 'many-0')).map((file) => statSync(file).size));
  rmSync(out, { recursive: true });
  const perServer = (samples: Sample[], servers: number) =>
    (median(samples.map(({ seconds }) => seconds)) / servers) * 1000;
  const [a, b] = [perServer(few, FEW), perServer(many, MANY)];
  return [
    {
      name: `synth of ${MANY} servers in one fleet: time per server, against ${FEW} servers`,
      value: b / a,
      unit: 'x',
      limit: 1.2,
      detail: `medians of ${RUNS}: ${b.toFixed(2)} ms and ${a.toFixed(2)} ms`,
    },
    { name: `peak memory of it`, value: median(many.map(({ peak }) => peak)), unit: 'MiB' },
    { name: 'largest template of the fleet', value: largest / 1000, unit: 'kB', limit: 1000 },
    size('cluster', 'datafold-aurora'),
    size('instance', 'datafold-rds'),
  ];
};

interface Sample {
  readonly seconds: number;
  readonly peak: number;
}

function sample(servers: number, outdir: string): Sample {
  const args = ['--import', 'tsx', APP, String(servers), outdir];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Sample;
}

const templatesIn = (dir: string) =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => join(dir, name));

/** CloudFormation takes 1 MB. */
function size(kind: 'cluster' | 'instance', name: string): Figure {
  const text = JSON.stringify(template(kind), null, 1);
  return {
    name: `template ${name}`,
    value: Buffer.byteLength(text) / 1000,
    unit: 'kB',
    limit: 1000,
    detail: 'with both functions inside',
  };
}
