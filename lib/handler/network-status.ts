/** Whether a network path from Datafold to a server exists. */
export interface NetworkStatus {
  readonly state: 'ok' | 'pending' | 'failed';
  /** What was found, in a sentence. */
  readonly message: string;
  readonly next?: string;
}

/** Returns the status as an attribute: `ok`, or `pending:` or `failed:` and the reason. */
export function networkText({ state, message }: NetworkStatus): string {
  return state === 'ok' ? state : `${state}: ${message}`;
}
