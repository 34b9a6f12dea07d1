import { isAws } from '../aws/failure';
import { Failure } from '../runtime/failure';
import type { Run } from '../aws/run';
import { keyRefused, noSuchGroup, type BrokenLink } from './broken-link';
import type { LogReading } from './log-reading';

/** How long one search reads: the log of a busy server has hundreds of pages, most of them without a match. */
const MAX_STEP_MS = 10_000;
const UNKNOWN_KEY = [
  'InvalidClientTokenId',
  'UnrecognizedClient',
  'InvalidSignature',
  'SignatureDoesNotMatch',
];
const PASSING = ['Throttling', 'ServiceUnavailable', 'InternalFailure', 'TimeoutError'];

/** The result of one step of a search. */
export interface SearchResult {
  readonly found: boolean;
  /** True if the log was read to its end. */
  readonly isAtEnd: boolean;
  /** True if more pages can be read at once. */
  readonly hasMore: boolean;
  /** AWS rejects the key. */
  readonly refused?: BrokenLink;
  readonly noGroup?: BrokenLink;
}

const NOTHING: SearchResult = { found: false, isAtEnd: false, hasMore: false };

/**
 * A search of the statement log in steps of some seconds, each of which continues where the previous one stopped.
 *
 * A line may arrive behind the current position, so after the end of the log the search starts again.
 */
export class LogSearch {
  /** The start of the current pass through the log. */
  begunAt = 0;
  /** True if the key works only from other addresses: the provisioner's permissions are used instead. */
  withOwnRights = false;
  private nextToken?: string;

  constructor(
    private readonly run: Run,
    private readonly reading: LogReading,
    private readonly since: number,
    private readonly text?: string,
    /** True if AWS may deny the key only because of the function's address. */
    private readonly keyHasSourceIps = false,
  ) {}

  async search(): Promise<SearchResult> {
    const { logGroupName } = this.reading;
    const as = this.withOwnRights ? 'as the provisioner' : "with Datafold's key";
    const what = `search for ${this.text ?? 'any line'} in ${logGroupName} ${as}`;
    if (this.nextToken === undefined) this.begunAt = this.run.clock.now();
    return this.run.step(what, async () => this.readOn().catch((error: unknown) => this.refusal(error)));
  }

  private async readOn(): Promise<SearchResult> {
    const { run, since, text } = this;
    const { key, region, logGroupName } = this.reading;
    const until = run.clock.now() + MAX_STEP_MS;
    do {
      const reader = this.withOwnRights ? {} : { key };
      const query = { ...reader, region, logGroupName, since, text, nextToken: this.nextToken };
      const { at, nextToken } = await run.aws.statementLog.page(query);
      this.nextToken = nextToken;
      if (at !== undefined) return { ...NOTHING, found: true };
      if (nextToken === undefined) return { ...NOTHING, isAtEnd: true };
    } while (run.clock.now() < until);
    return { ...NOTHING, hasMore: true };
  }

  private refusal(error: unknown): SearchResult {
    if (isAws(error, 'AccessDenied') && this.keyHasSourceIps) {
      if (this.withOwnRights) throw error;
      this.withOwnRights = true;
      return { ...NOTHING, hasMore: true };
    }
    if (isAws(error, 'AccessDenied', ...UNKNOWN_KEY))
      return { ...NOTHING, refused: keyRefused(this.reading, error.code) };
    if (isAws(error, 'ResourceNotFound')) return { ...NOTHING, noGroup: noSuchGroup(this.reading) };
    if (isAws(error, ...PASSING)) return NOTHING;
    throw error;
  }
}

/** Returns the failure for a log that was not read to its end, without a known cause. */
export function notReadToEnd(
  { name, logGroupName, region }: LogReading,
  marker: string,
  milliseconds: number,
): Failure {
  return new Failure(
    `It is not proved that Datafold can derive lineage for ${name}: ${logGroupName} in ${region} could not be read to its end in ${Math.round(milliseconds / 60_000)} minutes, because of its size or because CloudWatch is busy, and the part that was read does not have the statement that was just run (${marker}). Deploy again when fewer statements are logged, or without \`proveLineage\`.`,
  );
}
