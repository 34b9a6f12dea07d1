import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bundleHandlers from './bundle';

export default function globalSetup(): void {
  bundleHandlers();
  ownTemporaryFolder();
}

/** Each synth of a test leaves a folder behind: they all lie in one that goes at the end. */
function ownTemporaryFolder(): void {
  process.env.TEST_CACHE ??= tmpdir();
  const folder = mkdtempSync(join(process.env.TEST_CACHE, 'cdk-datafold-tests-'));
  chmodSync(folder, 0o711); // PostgreSQL runs as another user
  process.env.TMPDIR = folder;
}
