import { adviceFor } from './aws/session';

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'There is no space left on the device: free some, then run the command again.',
  EDQUOT: 'The disk quota is used up: free some space, then run the command again.',
  EROFS: 'The file system is read-only: name a file elsewhere.',
  EACCES: 'Permission denied: name a file or folder that you may write.',
  EPERM: 'Permission denied: name a file or folder that you may write.',
};

/** Errors whose messages are complete: others, such as a TypeError, are shown with their names. */
const FOR_USERS = [
  'Error',
  'SessionError',
  'AwsFailure',
  'UserError',
  'InvalidPropsError',
  'ValidationError',
];

/** An error as a text for a person: what happened, and what to do about it where that is known. No stack trace. */
export function explain(error: unknown): string {
  const { name, message, code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && code in ADVICE)
    return `${path ?? 'The output'} could not be written (${code}). ${ADVICE[code]}`;
  const advice = adviceFor(error);
  if (advice !== undefined) return advice;
  return FOR_USERS.includes(name) ? message : `${name}: ${message}`;
}
