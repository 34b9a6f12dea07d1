/** `npm run template`: writes the self-contained templates. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { template } from './template';
import type { Kind } from './template-stack';

const DIR = join(__dirname, '../../dist/template');
const FILES: readonly (readonly [string, Kind])[] = [
  ['datafold-aurora.template.json', 'cluster'],
  ['datafold-rds.template.json', 'instance'],
];

mkdirSync(DIR, { recursive: true });
for (const [name, kind] of FILES) {
  const text = `${JSON.stringify(template(kind), null, 1)}\n`;
  const file = join(DIR, name);
  writeFileSync(file, text);
  console.log(`${relative(process.cwd(), file)}: ${Math.round(Buffer.byteLength(text) / 1000)} kB`);
}
