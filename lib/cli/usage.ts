/** The user wrote something that can't be meant; the message says what, and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
