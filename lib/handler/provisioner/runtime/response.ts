import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Clock } from './deadline';
import { Failure } from './failure';
import { shorten } from '../../shorten';
import type { Log } from '../../log';
import { pausedBy, poll } from './retry';

/** CloudFormation rejects a response of more than 4096 bytes. */
const MAX_BYTES = 4_000;
const MAX_ATTEMPTS = 5;
const BACKOFF = { firstPauseMs: 500, maxPauseMs: 4_000 };
const ATTEMPT_TIMEOUT_MS = 5_000;

/** The response to CloudFormation. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** Returns the response as text, with long texts shortened until it fits. */
export function encodeAnswer(answer: Answer): string {
  for (let available = 1_024; ; available = Math.floor(available / 2)) {
    const data = Object.entries(answer.Data ?? {}).map(([key, value]) => [key, shorten(value, available)]);
    const Reason = answer.Reason && shorten(answer.Reason, 2 * available);
    const body = JSON.stringify({ ...answer, Reason, Data: answer.Data && Object.fromEntries(data) });
    if (Buffer.byteLength(body) <= MAX_BYTES || available < 16) return body;
  }
}

/** Sends the response to the URL of CloudFormation. The URL is a permission, so no error or log contains it. */
export async function sendAnswer(url: string, answer: Answer, clock: Clock, log: Log): Promise<void> {
  const body = Buffer.from(encodeAnswer(answer));
  let problem = '';
  let count = 0;
  const send = async () => {
    count += 1;
    const outcome = await put(url, body).catch((error: NodeJS.ErrnoException) => error.code ?? error.name);
    if (typeof outcome === 'number' && outcome < 300) return 'taken' as const;
    problem = typeof outcome === 'number' ? `HTTP status ${outcome}` : outcome;
    log.warn('CloudFormation did not take the answer', { attempt: count, problem });
    return typeof outcome === 'number' && outcome < 500 ? ('refused' as const) : undefined;
  };
  if ((await poll(pausedBy(clock), BACKOFF, send, () => count < MAX_ATTEMPTS)) === 'taken')
    return log.info('answered CloudFormation', {
      status: answer.Status,
      physicalResourceId: answer.PhysicalResourceId,
    });
  throw new Failure(`The answer did not reach CloudFormation: ${problem}.`);
}

/** S3 requires an empty content type, as signed, and the length in bytes. */
async function put(url: string, body: Buffer): Promise<number> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  const options = { method: 'PUT', headers: { 'content-type': '', 'content-length': body.byteLength } };
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, timeout: ATTEMPT_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('time-out'), { code: 'ETIMEDOUT' })));
    sent.on('error', reject);
    sent.end(body);
  });
}

const BUCKET = 'cloudformation-custom-resource-response-';

/**
 * True for a response URL of CloudFormation: its own bucket in this region, by HTTPS.
 *
 * The bucket is named after the region without dashes
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html); S3's host follows it, with or
 * without the region.
 */
export function isOfCloudFormation(
  url: string,
  { region, urlSuffix }: { readonly region: string; readonly urlSuffix: string },
): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username } = new URL(url);
  if (protocol !== 'https:' || port !== '' || username !== '') return false;
  const bucket = `${BUCKET}${region.replaceAll('-', '')}`;
  const hosts = [`s3.${region}`, `s3-${region}`, `s3.dualstack.${region}`, 's3'];
  return hosts.some((host) => hostname === `${bucket}.${host}.${urlSuffix}`);
}
