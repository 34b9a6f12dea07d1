import { hasCode, type Failure } from './failure';

/** Transient codes of Lambda: the function is being created or changed, is inactive, or has no network interface yet. */
const PASSING = [
  'ResourceConflict',
  'ResourceNotReady',
  'TooManyRequests',
  'Throttling',
  'Service',
  'ServiceUnavailable',
  'EC2Throttled',
  'EC2Unexpected',
  'ENILimitReached',
  'ENINotReady',
  'SubnetIPAddressLimitReached',
  'TimeoutError',
  'ECONNRESET',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EPIPE',
];

/** True if the invocation may succeed later. */
export function passesInLambda(error: unknown): error is Failure {
  return hasCode(error, ...PASSING);
}
