import { isAws } from './failure';
import { reasonOf } from '../runtime/failure';
import type { Run } from './run';

/** Notes that the role may not put anything back; any other error is passed on. */
export function notAllowed(run: Run, error: unknown): undefined {
  if (!isAws(error, 'AccessDenied')) throw error;
  run.log.warn('nothing put back: the role may not', { error: reasonOf(error) });
}
