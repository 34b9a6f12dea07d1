import { AwsFailure } from './failure';

/** Codes with several names. */
const SAME: Readonly<Record<string, string>> = {
  UnauthorizedOperation: 'AccessDenied',
  ThrottlingException: 'Throttling',
  RequestLimitExceeded: 'Throttling',
};

/** Runs one SDK call. Throws AwsFailure. `secret`: AWS may quote the parameters in its message. */
export async function call<T>(
  action: string,
  resource: string,
  send: () => Promise<T>,
  secret = false,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const { name, code, message } = error as { name?: string; code?: string; message?: string };
    const known = codeOf(name === 'Error' || name === undefined ? (code ?? 'Error') : name);
    const quotable = !secret || known === 'AccessDenied' || known === 'ResourceNotFound';
    throw new AwsFailure(action, resource, known, quotable ? message : undefined);
  }
}

function codeOf(name: string): string {
  return SAME[name] ?? name.replace(/(Exception|Fault)$/, '');
}
