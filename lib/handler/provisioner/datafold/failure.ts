import { Failure, shorten } from '../runtime/failure';
import { ANSWER_TIMEOUT_MS, type HttpAnswer } from './http';

/** What was asked of Datafold. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  /** The secret with the API key. */
  readonly apiKeySecret: string;
}

/** A request to Datafold that came to nothing, in words for a person. */
export class DatafoldFailure extends Failure {
  override readonly name = 'DatafoldFailure';

  constructor(
    message: string,
    code: string,
    /** True where the same request may go well later. */
    readonly passes: boolean,
    /** True where Datafold may have done what was asked all the same. */
    readonly mayBeDone = false,
  ) {
    super(message, code);
  }

  /** Datafold can't be reached, or refuses: what a rollback meets too. */
  override get tolerateDuringRollback(): boolean {
    return true;
  }
}

/** For an answer that is not a success. */
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
      `Datafold does not let the owner of the API key do this (${where}). Use the key of an administrator, in the secret ${asked.apiKeySecret}, then deploy again.`,
    );
  if (status === 404)
    return fail(
      `Datafold has nothing there (${where}). Check that \`host\` of the registration, ${origin}, is your Datafold, then deploy again.`,
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
      `Datafold has a problem of its own (${where}), which did not pass in time. Deploy again later; if it persists, ask Datafold's support.`,
      true,
      true,
    );
  if (status >= 300 && status < 400)
    return fail(
      `Datafold redirects to another address (${where}), where the API key is not sent. Give that address as \`host\` of the registration, then deploy again.`,
    );
  return fail(
    `Datafold gave an answer that is not in its documentation (${where}). Deploy again; if it persists, ask Datafold's support.`,
  );
}

/** For an answer that is not JSON of the shape that is documented. */
export function invalidResponse({ method, url }: Asked): DatafoldFailure {
  return new DatafoldFailure(
    `The answer is not what Datafold's API answers (${method} ${url}). Check that \`host\` of the registration, ${new URL(url).origin}, is your Datafold and not a proxy or a login page, then deploy again.`,
    'BadAnswer',
    false,
    true,
  );
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|^ERR_TLS/;

/** For a request without an answer. */
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

/** The fields that FastAPI names and what is wrong with each; never the values, which it may quote too. */
function invalid(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return shorten(detail, 300);
    const items = detail as { loc?: unknown[]; msg?: unknown }[];
    const said = items.map(({ loc = [], msg }) => `${path(loc)}: ${String(msg)}`);
    if (said.length > 0) return shorten(said.join('; '), 500);
  } catch {
    // said below
  }
  return 'it does not say why';
}

function path(loc: readonly unknown[]): string {
  return loc.filter((part) => part !== 'body').join('.') || 'body';
}
