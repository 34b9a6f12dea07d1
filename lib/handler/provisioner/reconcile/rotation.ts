import { readRotation } from '../password-rotation/settings';
import { isFailed, reasonOf } from '../runtime/failure';
import type { Part } from './result';

/** Checks that the settings of the password rotation exist, since the next rotation may be months away. */
export const inspectRotation: Part = async (run, { rotatesPassword, desired }) => {
  if (!rotatesPassword) return {};
  try {
    await readRotation(run, desired.passwordSecret);
    return {};
  } catch (error) {
    if (!isFailed(error)) throw error;
    const next = 'Until then the password is not rotated.';
    return { findings: [{ kind: 'drift', finding: reasonOf(error), next }], Drift: 1 };
  }
};
