import assert from 'node:assert/strict';

/** Fails with the lines that were added and those that are missing, not with hundreds that are the same. */
export function assertSame(now: readonly string[], before: readonly string[], what: string): void {
  const added = now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  const missing = before.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  assert.equal([...added, ...missing].join('\n'), '', what);
}
