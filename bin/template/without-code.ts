import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const INLINE = 'assets/inline';

interface Coded {
  readonly Resources: Record<string, { Properties?: { Code?: { ZipFile?: string } } }>;
}

/**
 * Returns a template that names the files of the functions' code in place of the code.
 *
 * The package has the code once; its command `template` puts it into the template.
 */
export function withoutCode(template: object): object {
  const files = readdirSync(join(ROOT, INLINE)).map((name) => `${INLINE}/${name}`);
  const codes = new Map(files.map((file) => [readFileSync(join(ROOT, file), 'utf8'), file]));
  const copy = structuredClone(template) as Coded;
  for (const { Properties } of Object.values(copy.Resources)) {
    const code = Properties?.Code;
    if (code?.ZipFile !== undefined) code.ZipFile = codes.get(code.ZipFile);
  }
  return copy;
}
