import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../..');

/** Compiles apps of users, by file name, against the library. Returns the errors, each with its file. */
export function compileErrors(apps: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(root, 'test', 'compile-'));
  try {
    const files = Object.entries(apps).map(([name, code]) => {
      const file = join(folder, name);
      writeFileSync(file, code);
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
      paths: {
        'cdk-datafold-postgres': [join(root, 'lib/index.ts')],
        'cdk-datafold-postgres/fleet': [join(root, 'bin/fleet/index.ts')],
      },
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
