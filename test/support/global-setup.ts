import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bundleHandlers from './bundle';

export default function globalSetup(): void {
  bundleHandlers();
  ownTemporaryFolder();
}

/** Puts the folders that each synth of a test creates into one folder, which is deleted at the end. */
function ownTemporaryFolder(): void {
  process.env.TEST_CACHE ??= tmpdir();
  const folder = mkdtempSync(join(process.env.TEST_CACHE, 'cdk-datafold-tests-'));
  chmodSync(folder, 0o711); // PostgreSQL runs as another user
  process.env.TMPDIR = folder;
}
