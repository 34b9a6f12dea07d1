import { readdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

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
  const folder = mkdtempSync(join(root, 'test', 'example-'));
  const prelude = readFileSync(join(root, 'rosetta/default.ts-fixture'), 'utf8');
  try {
    const files = examples
      .filter(({ code }) => code !== undefined)
      .map(({ name, code }) => {
        const file = join(folder, `${name}.ts`);
        const isHoisted = (line: string) => line.startsWith('declare ');
        const lines = code!.split('\n');
        const hoisted = lines.filter(isHoisted).join('\n');
        const text = lines.filter((line) => !isHoisted(line)).join('\n');
        writeFileSync(
          file,
          prelude.replace('class Fixture', `${hoisted}\nclass Fixture`).replace('/// here', () => text),
        );
        return file;
      });
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ['node'],
      paths: { 'cdk-datafold-postgres': [join(root, 'lib/index.ts')] },
    });
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    expect(messages).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
