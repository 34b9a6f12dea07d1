import { join } from 'node:path';
import { auroraApp } from '../aurora/app';
import { heading, line, table } from './print';

/** Synthesizes the example and prints a summary of its template. */
export function showTemplate(): void {
  const stack = auroraApp(join(process.cwd(), 'cdk.out')).synth().getStackByName('Shop');
  heading(1, 'The template: an Aurora cluster with DatafoldPostgres');
  line(`written to ${stack.templateFullPath.replace(`${process.cwd()}/`, '')}`);
  const template = stack.template as { Resources: Record<string, { Type: string }> };
  const ours = Object.entries(template.Resources).filter(([id]) => id.includes('Datafold'));
  line(`${ours.length} of its ${Object.keys(template.Resources).length} resources are made for Datafold:`);
  const types = ours.map(([, { Type }]) => Type);
  table([...new Set(types)].sort().map((type) => [`${types.filter((t) => t === type).length} x`, type]));
}
