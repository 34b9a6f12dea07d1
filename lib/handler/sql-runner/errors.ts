import type { SqlFailure, SqlFailureKind } from '../../private/wire/sql-reports';
import { shorten } from '../shorten';
import { blockedMeaning } from './plan/blocked';
import { codeAndMessage, isOfFunction, kindOf, type Meaning, MEANINGS, retryFor } from './sqlstates';

const MAX_MESSAGE_BYTES = 1000;

/** An error with a message for people: operation, object, cause and next step. */
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

  get kind(): SqlFailureKind {
    return kindOf(this.code);
  }
}

/** Adds the failed action and advice to `error`. Returns a `SqlRunnerError` unchanged. */
export function explain(error: unknown, action: string): SqlRunnerError {
  if (error instanceof SqlRunnerError) return error;
  const { code, message } = codeAndMessage(error);
  const retryable = retryFor(error) !== undefined;
  const meaning = specialMeaning(error, code, message) ?? MEANINGS[code ?? ''];
  const advice = meaning ? ` ${meaning.cause} ${meaning.next}` : '';
  const explained = `${action} failed: ${message.replace(/\.$/, '')}${code ? ` (${code})` : ''}.${advice}`;
  return new SqlRunnerError(explained, code, retryable, { cause: error });
}

/** Returns causes that the message reveals and the code alone does not. */
function specialMeaning(error: unknown, code: string | undefined, message: string): Meaning | undefined {
  if (/must be a member of rds_password/.test(message)) {
    return {
      cause: 'rds.restrict_password_commands is on.',
      next: 'Run GRANT rds_password TO the administrator, or turn the parameter off, and deploy again.',
    };
  }
  if (code === '55P03') return blockedMeaning(error);
  if (isOfFunction(error)) {
    return {
      cause: 'A function on the server failed, such as the function of an event trigger.',
      next: 'Qualify the names in the function with schemas (search_path is pg_catalog here) and let the administrator use the objects, or disable the trigger; then deploy again.',
    };
  }
  if (
    code === '55000' &&
    /not currently accepting connections|cannot connect to invalid database/.test(message)
  ) {
    return {
      cause: 'The database does not accept connections.',
      next: 'Run ALTER DATABASE … ALLOW_CONNECTIONS true, or leave the database out.',
    };
  }
  if (code === '53300' && /for (role|database)/.test(message)) {
    return {
      cause: 'The CONNECTION LIMIT is used up.',
      next: 'Raise the limit (ALTER … CONNECTION LIMIT), or close sessions.',
    };
  }
  if (code === '42501' && /^permission denied for database/.test(message)) {
    return {
      cause: 'The user may not connect to the database.',
      next: 'Ask the owner of the database to grant CONNECT.',
    };
  }
  const askedForScram = (error as { usesScram?: boolean }).usesScram !== false;
  if (code === '28P01' && !askedForScram) {
    return {
      cause:
        'The password is wrong, or the server accepts only MD5 passwords, which a role with a SCRAM-SHA-256 verifier does not have.',
      next: 'Check the secret, and allow scram-sha-256 in pg_hba.conf.',
    };
  }
  return undefined;
}

/** Returns the response for an error, without `secrets` and short enough for CloudFormation. */
export function failure(error: unknown, secrets: readonly string[]): SqlFailure {
  const explained = explain(error, 'The run');
  let message = explained.message;
  for (const secret of secrets) if (secret !== '') message = message.replaceAll(secret, '***');
  return {
    kind: explained.kind,
    message: shorten(message, MAX_MESSAGE_BYTES),
    ...(explained.code && { code: explained.code }),
    retryable: explained.retryable,
  };
}
