import { App } from 'aws-cdk-lib';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { addFleet } from '../bin/fleet/add-fleet';
import { JsonFile } from '../bin/fleet/json-file';
import { parseFleet } from '../bin/fleet/read-fleet';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/<!-- compile -->\n```ts\n([\s\S]*?)```/g)].map(([, code]) => code);

test('the snippets of the README compile', () => {
  const folder = mkdtempSync(join(root, 'test', 'readme-'));
  try {
    const files = snippets.map((_, i) => join(folder, `snippet-${i}.ts`));
    files.forEach((file, i) => writeFileSync(file, snippets[i]));
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
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    expect(snippets.length).toBeGreaterThan(2);
    expect(messages).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the fleet file of the README can be deployed', () => {
  const [, text] = /```json\n(\{\n {2}"\$schema": "\.\/bin\/fleet\/[\s\S]*?)```/.exec(readme)!;
  const app = new App();
  addFleet(app, parseFleet(new JsonFile('README.md', text)));
  expect(app.node.children.map(({ node }) => node.id).filter((id) => id !== 'Tree')).toEqual([
    '111111111111-eu-west-1-logs-user',
    '222222222222-us-east-1-logs-user',
    '111111111111-eu-west-1-cluster-orders',
    '111111111111-eu-west-1-instance-billing',
    '222222222222-us-east-1-cluster-orders',
  ]);
});

test('the links inside the README lead somewhere', () => {
  const anchors = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [, anchor] of readme.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});
