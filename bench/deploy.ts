import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customResourceSeconds } from '../test/e2e/support/stack-events';
import { target } from '../test/e2e/support/target';
import { World } from '../test/e2e/support/world';
import { type Benchmark, type Figure, median } from './figure';

const ROUNDS = 3;

/** The wall time of `cdk deploy` of scenario 1 of the end-to-end suite, and of the same app without `DatafoldPostgres`. */
export const run: Benchmark = async () => {
  const aws = target(process.env);
  if (aws.kind !== 'emulator') {
    console.log(`deploy: skipped, ${aws.kind === 'none' ? aws.reason : 'it measures the emulator'}`);
    return [];
  }
  const dir = mkdtempSync(join(tmpdir(), 'datafold-bench-'));
  chmodSync(dir, 0o755); // PostgreSQL runs as a user of its own
  const lab = {
    sources: aws.sources,
    dir: join(dir, 'lab'),
    order: 'template',
    postgresPort: 24_000,
  } as const;
  const world = await World.start(lab);
  try {
    return await figures(world);
  } finally {
    await world.lab.stop();
    rmSync(dir, { recursive: true, force: true });
  }
};

async function figures(world: World): Promise<Figure[]> {
  const times = { with: [] as number[], without: [] as number[], ours: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const plain = { app: 'new-cluster', stacks: ['NewServer'], context: { datafold: 'no' } };
    times.without.push((await world.cdk.deploy(plain)).seconds);
    await world.cdk.destroy(plain);
    const full = { app: 'new-cluster', stacks: ['NewServer', 'NewDatafold'] };
    const deployed = await world.cdk.deploy(full);
    times.with.push(deployed.seconds);
    times.ours.push(customResourceSeconds(deployed.events));
    await world.cdk.destroy(full);
  }
  const [full, plain, ours] = [median(times.with), median(times.without), median(times.ours)];
  const detail = `${full.toFixed(1)} s with, ${plain.toFixed(1)} s without; emulated AWS, where a cluster takes a second`;
  return [
    { name: 'cdk deploy: what DatafoldPostgres adds', value: full - plain, unit: 's', detail },
    {
      name: 'cdk deploy: of which our functions work',
      value: ours,
      unit: 's',
      detail: 'the rest is the CLI and CloudFormation: a second stack, two assets, roles, policies, secrets',
    },
  ];
}
