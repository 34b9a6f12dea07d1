import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFiles } from '../../lib/cli/files';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'datafold-files-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

test('writes all files', () => {
  writeFiles(
    [
      { path: at('a'), text: '1' },
      { path: at('b'), text: '2' },
    ],
    false,
  );
  expect(readdirSync(folder)).toEqual(['a', 'b']);
  expect(readFileSync(at('b'), 'utf8')).toBe('2');
});

test('writes none of them if one cannot be written, and leaves no draft', () => {
  writeFileSync(at('a'), 'mine');
  const files = [
    { path: at('a'), text: '1' },
    { path: at('no', 'such', 'folder'), text: '2' },
  ];
  expect(() => writeFiles(files, true)).toThrow(/ENOENT/);
  expect(readdirSync(folder)).toEqual(['a']);
  expect(readFileSync(at('a'), 'utf8')).toBe('mine');
});
