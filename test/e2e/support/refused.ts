import assert from 'node:assert/strict';
import type { Result } from './cdk';
import { failures } from './stack-events';

/**
 * The deployment failed, and the reason in the stack's events is the library's own: a whole message for a person, no
 * stack trace, nothing that the rollback added.
 */
export function assertRefused(result: Result, reason: RegExp): void {
  assert.notEqual(result.code, 0, 'the deployment is red');
  const [first = '', ...others] = failures(result.events);
  assert.match(first, reason);
  assert.doesNotMatch(first, /\n\s+at /, 'no stack trace');
  assert.deepEqual(others, [], 'nothing else fails, the rollback included');
  assert.ok(first.length < 1300, `the reason is short enough to be read: ${first.length} characters`);
}
