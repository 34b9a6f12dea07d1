import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePage } from '../../../lib/cli/doctor/report/write-page';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'report-page-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the page replaces an earlier one, and no other file is left', () => {
  const file = join(folder, 'report.html');
  writePage(file, 'first');
  writePage(file, 'second');
  expect(readFileSync(file, 'utf8')).toBe('second');
  expect(readdirSync(folder)).toEqual(['report.html']);
});

test('the page is not written through a link that another user placed under the name of the draft', () => {
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'mine');
  for (const draft of [`report.html.${process.pid}.tmp`, `.report.html.${process.pid}.draft`])
    symlinkSync(victim, join(folder, draft));
  expect(() => writePage(join(folder, 'report.html'), 'page')).toThrow(/EEXIST/);
  expect(readFileSync(victim, 'utf8')).toBe('mine');
});
