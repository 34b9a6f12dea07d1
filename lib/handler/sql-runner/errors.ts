import type { SqlFailure } from '../../private/wire/sql';
import { blockedMeaning } from './plan/blocked';
import { codeAndMessage, isOfFunction, type Meaning, MEANINGS, retryFor } from './sqlstates';

const LIMIT = 1000; // bytes

/** A failure told for a person: what was tried, on what, why it failed, what to do. */
export class SqlRunnerError extends Error {
  override readonly name = 'SqlRunnerError';

  constructor(
    message: string,
    readonly code?: string,
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Names what was being done when `error` came up. Errors that are told already pass through. */
export function explain(error: unknown, action: string): SqlRunnerError {
  if (error instanceof SqlRunnerError) return error;
  const { code, message } = codeAndMessage(error);
  const retryable = retryFor(error) !== undefined;
  const meaning = specialMeaning(error, code, message) ?? MEANINGS[code ?? ''];
  const advice = meaning ? ` ${meaning.cause} ${meaning.next}` : '';
  const explained = `${action} failed: ${message.replace(/\.$/, '')}${code ? ` (${code})` : ''}.${advice}`;
  return new SqlRunnerError(explained, code, retryable, { cause: error });
}

/** Causes that the code alone does not tell. */
function specialMeaning(error: unknown, code: string | undefined, message: string): Meaning | undefined {
  if (/must be a member of rds_password/.test(message)) {
    return {
      cause: 'rds.restrict_password_commands is on.',
      next: 'Run GRANT rds_password TO the admin, or turn the parameter off, and deploy again.',
    };
  }
  if (code === '55P03') return blockedMeaning(error);
  if (isOfFunction(error)) {
    return {
      cause: 'It comes from a function on the server, such as that of an event trigger.',
      next: 'Let it name its objects with their schemas, as search_path is pg_catalog here, and let the admin use them; or disable it and deploy again.',
    };
  }
  if (
    code === '55000' &&
    /not currently accepting connections|cannot connect to invalid database/.test(message)
  ) {
    return {
      cause: 'The database does not accept connections.',
      next: 'Let it take connections (ALTER DATABASE … ALLOW_CONNECTIONS true), or leave it out.',
    };
  }
  if (code === '53300' && /for (role|database)/.test(message)) {
    return {
      cause: 'Its CONNECTION LIMIT is used up.',
      next: 'Raise it (ALTER … CONNECTION LIMIT), or close sessions.',
    };
  }
  if (code === '42501' && /^permission denied for database/.test(message)) {
    return {
      cause: 'The user may not connect to it.',
      next: 'Let the owner of the database grant CONNECT on it.',
    };
  }
  const askedForScram = (error as { usesScram?: boolean }).usesScram !== false;
  if (code === '28P01' && !askedForScram) {
    return {
      cause:
        'The password is wrong, or the server takes MD5 passwords only, and a role with a SCRAM-SHA-256 verifier has none.',
      next: 'Check the secret, and let the server accept scram-sha-256.',
    };
  }
  return undefined;
}

/** The answer for an error, without any of `secrets` and short enough for CloudFormation. */
export function failure(error: unknown, secrets: readonly string[]): SqlFailure {
  const explained = explain(error, 'The run');
  let message = explained.message;
  for (const secret of secrets) if (secret !== '') message = message.replaceAll(secret, '***');
  return {
    message: shorten(message, LIMIT),
    ...(explained.code && { code: explained.code }),
    retryable: explained.retryable,
  };
}

/** At most `bytes` of UTF-8, cut between characters. */
export function shorten(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let short = Buffer.from(text)
    .subarray(0, bytes - 3)
    .toString();
  if (short.endsWith('\ufffd')) short = short.slice(0, -1);
  return `${short}…`;
}
