import { rmSync } from 'node:fs';
import { dataInMemory } from './postgres-server/cluster';

/** Removes the folder that the setup created, and the one in memory that goes with it. */
export default function globalTeardown(): void {
  const { TMPDIR } = process.env;
  if (!TMPDIR?.includes('cdk-datafold-tests-')) return;
  for (const folder of [dataInMemory(), TMPDIR]) rmSync(folder, { recursive: true, force: true });
}
