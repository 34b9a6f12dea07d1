import type { Clock } from '../runtime/deadline';

/** How long Datafold may take for one response. */
export const ANSWER_TIMEOUT_MS = 30_000;

/** A request to Datafold's API. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly apiKey: string;
  readonly body?: string;
}

/** A response, with its header Retry-After. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  readonly text: string;
}

/** No response: `code` is Node's error code or TIMEOUT. */
export class NoAnswer extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** Sends one request. Redirects are not followed: the API key is for one host. */
export async function send(
  { method, url, apiKey, body }: HttpRequest,
  clock: Clock,
  timeout = ANSWER_TIMEOUT_MS,
): Promise<HttpAnswer> {
  const [late, done] = [new AbortController(), new AbortController()];
  clock.sleep(timeout, done.signal).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Key ${apiKey}`,
        accept: 'application/json',
        'user-agent': 'cdk-datafold-postgres',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body,
      redirect: 'manual',
      signal: late.signal,
    });
    const retryAfter = response.headers.get('retry-after') ?? undefined;
    return { status: response.status, retryAfter, text: await response.text() };
  } catch (error) {
    throw new NoAnswer(late.signal.aborted ? 'TIMEOUT' : codeOf(error));
  } finally {
    done.abort();
  }
}

function codeOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: string };
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'Error');
}

const MAX_PAUSE_MS = 30_000;

/** Returns the pause after an attempt in milliseconds: the Retry-After of Datafold (seconds or a date), else doubling. */
export function pauseBefore(attempt: number, retryAfter: string | undefined, now: number): number {
  const doubling = Math.min(MAX_PAUSE_MS, 1_000 * 2 ** (attempt - 1));
  if (retryAfter === undefined) return doubling;
  if (/^\d+$/.test(retryAfter)) return Math.max(doubling, Number(retryAfter) * 1_000);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? doubling : Math.max(doubling, date - now);
}
