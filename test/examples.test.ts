import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileErrors } from './support/compile';
import { inFixture } from './support/fixture';

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
  const apps = examples
    .filter(({ code }) => code !== undefined)
    .map(({ name, code }) => [`${name}.ts`, inFixture('default', code!)]);
  expect(compileErrors(Object.fromEntries(apps) as Record<string, string>)).toEqual([]);
});
