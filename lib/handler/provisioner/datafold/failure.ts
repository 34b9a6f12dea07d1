import { Failure } from '../runtime/failure';
import { shorten } from '../../shorten';
import { ANSWER_TIMEOUT_MS, type HttpAnswer } from './http';

/** A request to Datafold, for messages. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** The secret with the API key. */
  readonly apiKeySecret: string;
}

/** A failed request to Datafold, in words for a person. */
export class DatafoldFailure extends Failure {
  override readonly name = 'DatafoldFailure';

  constructor(
    message: string,
    code: string,
    /** True if the same request may succeed later. */
    readonly passes: boolean,
    /** True if Datafold may have carried out the request. */
    readonly mayBeDone = false,
  ) {
    super(message, code);
  }

  /** A rollback meets the same failure, so it must not fail the rollback. */
  override get tolerateDuringRollback(): boolean {
    return true;
  }
}

/** Returns the failure for a response other than HTTP 200. */
export function refusal(asked: Asked, answer: HttpAnswer): DatafoldFailure {
  const { status } = answer;
  const where = `${asked.method} ${asked.url}, HTTP ${status}`;
  const { origin } = new URL(asked.url);
  const fail = (text: string, passes = false, mayBeDone = false) =>
    new DatafoldFailure(text, `HTTP ${status}`, passes, mayBeDone);
  if (status === 401)
    return fail(
      `Datafold refused the API key (${where}). Put a valid key into the secret ${asked.apiKeySecret}, then deploy again.`,
    );
  if (status === 403)
    return fail(
      `Datafold does not allow the owner of the API key to do this (${where}). Use the key of an administrator, in the secret ${asked.apiKeySecret}, then deploy again.`,
    );
  if (status === 404)
    return fail(
      `Datafold does not know this address (${where}). Check that \`host\` of the registration, ${origin}, is your Datafold, then deploy again.`,
    );
  if (status === 422)
    return fail(
      `Datafold did not accept the request (${where}): ${invalid(answer.text)}. Correct it, then deploy again.`,
    );
  if (status === 429)
    return fail(
      `Datafold limits the rate of requests (${where}) and did not lift the limit in time. Deploy again later.`,
      true,
    );
  if (status >= 500)
    return fail(
      `Datafold reports an internal error (${where}), which did not pass in time. Deploy again later; if it persists, ask Datafold's support.`,
      true,
      true,
    );
  if (status >= 300 && status < 400)
    return fail(
      `Datafold redirects to another address (${where}), where the API key is not sent. Give that address as \`host\` of the registration, then deploy again.`,
    );
  return fail(
    `Datafold gave a response that its documentation does not mention (${where}). Deploy again; if it persists, ask Datafold's support.`,
  );
}

/** Returns the failure for a response that does not have the documented JSON format. */
export function invalidResponse({ method, url }: Asked): DatafoldFailure {
  return new DatafoldFailure(
    `The response does not have the format of Datafold's API (${method} ${url}). Check that \`host\` of the registration, ${new URL(url).origin}, is your Datafold and not a proxy or a login page, then deploy again.`,
    'BadAnswer',
    false,
    true,
  );
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|^ERR_TLS/;

/** Returns the failure for a request without a response. */
export function noResponse({ method, url }: Asked, code: string): DatafoldFailure {
  const { host } = new URL(url);
  const where = `${method} ${url}`;
  if (code === 'TIMEOUT')
    return new DatafoldFailure(
      `Datafold did not answer within ${ANSWER_TIMEOUT_MS / 1_000} seconds (${where}), several times. Deploy again later; if it persists, ask Datafold's support.`,
      code,
      true,
      true,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new DatafoldFailure(
      `The host name ${host} can't be resolved (${where}, ${code}). Check \`host\` of the registration, then deploy again.`,
      code,
      code === 'EAI_AGAIN',
    );
  if (CERTIFICATE.test(code))
    return new DatafoldFailure(
      `The certificate of ${host} is not trusted (${where}, ${code}). Datafold must have one of a public authority for this name: check \`host\` of the registration, then deploy again.`,
      code,
      false,
    );
  return new DatafoldFailure(
    `The connection to ${host} failed (${where}, ${code}). Check \`host\` of the registration; the function reaches Datafold over the internet. Then deploy again.`,
    code,
    true,
    true,
  );
}

/** Returns the fields that FastAPI rejects with the reasons, but never their values, which it may quote too. */
function invalid(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return shorten(detail, 300);
    const items = detail as { loc?: unknown[]; msg?: unknown }[];
    const reasons = items.map(({ loc = [], msg }) => `${path(loc)}: ${String(msg)}`);
    if (reasons.length > 0) return shorten(reasons.join('; '), 500);
  } catch {
    // not JSON
  }
  return 'it gives no reason';
}

function path(loc: readonly unknown[]): string {
  return loc.filter((part) => part !== 'body').join('.') || 'body';
}
