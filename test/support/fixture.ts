import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const isHoisted = (line: string) => line.startsWith('declare ');

/** Returns a program with a snippet at the marked place of a fixture in rosetta/, as jsii-rosetta does. */
export function inFixture(name: 'default' | 'docs', snippet: string): string {
  const fixture = readFileSync(join(__dirname, '../../rosetta', `${name}.ts-fixture`), 'utf8');
  const lines = snippet.split('\n');
  const hoisted = lines.filter(isHoisted).join('\n');
  const rest = lines.filter((line) => !isHoisted(line)).join('\n');
  return fixture.replace('class Fixture', () => `${hoisted}\nclass Fixture`).replace('/// here', () => rest);
}
