import { hasCode, type Failure } from './failure';

/** Codes of Lambda that pass: the function is being made or changed, is cold, or gets no network interface yet. */
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

/** True where Lambda may do later what it did not do now. */
export function passesInLambda(error: unknown): error is Failure {
  return hasCode(error, ...PASSING);
}
