import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The tests run the bundles that are published. */
export default function bundleHandlers(): void {
  execFileSync(process.execPath, [join(__dirname, '../../scripts/bundle.mjs')], { stdio: 'inherit' });
}
