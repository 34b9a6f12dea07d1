import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark } from './figure';

/** The size of the code of each function, the SDK left to the Lambda runtime. */
export const run: Benchmark = async () =>
  Object.entries({ provisioner: 205, 'sql-runner': 220 }).map(([name, limit]) => ({
    name: `bundle of the ${name}`,
    value: statSync(join(__dirname, '../assets', name, 'index.js')).size / 1000,
    unit: 'kB',
    limit,
  }));
