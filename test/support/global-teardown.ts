import { rmSync } from 'node:fs';

/** Removes the folder that the setup created. */
export default function globalTeardown(): void {
  const { TMPDIR } = process.env;
  if (TMPDIR?.includes('cdk-datafold-tests-')) rmSync(TMPDIR, { recursive: true, force: true });
}
