import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileErrors } from './support/compile';

const root = join(__dirname, '..');
const sources = readdirSync(join(root, 'lib'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, 'lib', name), 'utf8') }));

/** The examples of doc comments, by the name of the class or enum that they stand before. */
const examples = sources.flatMap(({ text }) =>
  [...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\nexport (?:class|enum) (\w+)/g)].map(
    ([, comment, name]) => ({
      name,
      code: /@example\n([\s\S]*)$/.exec(comment.replace(/^ \* ?/gm, ''))?.[1],
    }),
  ),
);

test('every construct and every class with factories has an example', () => {
  const exported = sources.flatMap(({ text }) =>
    [...text.matchAll(/^export class (\w+)/gm)].map(([, name]) => name),
  );
  const withExample = examples.filter(({ code }) => code !== undefined).map(({ name }) => name);
  expect(exported.filter((name) => !withExample.includes(name))).toEqual([]);
});

test('the examples of the doc comments compile, with the imports that jsii-rosetta gives them', () => {
  const prelude = readFileSync(join(root, 'rosetta/default.ts-fixture'), 'utf8');
  const isHoisted = (line: string) => line.startsWith('declare ');
  const apps = examples
    .filter(({ code }) => code !== undefined)
    .map(({ name, code }) => {
      const lines = code!.split('\n');
      const hoisted = lines.filter(isHoisted).join('\n');
      const text = lines.filter((line) => !isHoisted(line)).join('\n');
      const app = prelude
        .replace('class Fixture', `${hoisted}\nclass Fixture`)
        .replace('/// here', () => text);
      return [`${name}.ts`, app];
    });
  expect(compileErrors(Object.fromEntries(apps) as Record<string, string>)).toEqual([]);
});
