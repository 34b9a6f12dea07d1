import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FunctionName, inlineCode } from '../../lib/private/functions/function-code';

const readAsset = (file: string) => readFileSync(join(__dirname, '../../assets', file));
const NAMES: readonly FunctionName[] = ['provisioner', 'sql-runner'];

interface Coded {
  readonly Resources: Record<string, { Properties?: { Code?: { ZipFile?: string } } }>;
}

/**
 * Returns a template that names the functions in place of their code.
 *
 * The package has the code once; its command `template` puts it into the template.
 */
export function withoutCode(template: object): object {
  const names = new Map(NAMES.map((name) => [inlineCode(name, readAsset), name]));
  const copy = structuredClone(template) as Coded;
  for (const { Properties } of Object.values(copy.Resources)) {
    const code = Properties?.Code;
    if (code?.ZipFile !== undefined) code.ZipFile = names.get(code.ZipFile);
  }
  return copy;
}
