/** `npm run template`: writes the self-contained templates, and for the package the same without the code of the functions. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { templateText } from '../../lib/cli/template';
import { template } from './template';
import type { Kind } from './template-stack';
import { withoutCode } from './without-code';

const DIST = join(__dirname, '../../dist');
const FILES: readonly { readonly kind: Kind; readonly whole: string; readonly packaged: string }[] = [
  { kind: 'cluster', whole: 'template/datafold-aurora.template.json', packaged: 'cli/templates/aurora.json' },
  { kind: 'instance', whole: 'template/datafold-rds.template.json', packaged: 'cli/templates/instance.json' },
];

for (const { kind, whole, packaged } of FILES) {
  const made = template(kind);
  const text = templateText(made);
  write(whole, text);
  write(packaged, JSON.stringify(withoutCode(made)));
  console.log(`dist/${whole}: ${Math.round(Buffer.byteLength(text) / 1000)} kB`);
}

function write(name: string, text: string): void {
  const file = join(DIST, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
