import { isAws } from '../aws/failure';
import { Failure } from '../runtime/failure';
import type { Run } from '../aws/run';
import { keyRefused, noSuchGroup, type BrokenLink } from './broken-link';
import type { LogReading } from './log-reading';

/** The log of a busy server has hundreds of pages, most of them without a line that fits. */
const MAX_LOOK_MS = 10_000;
const UNKNOWN_KEY = [
  'InvalidClientTokenId',
  'UnrecognizedClient',
  'InvalidSignature',
  'SignatureDoesNotMatch',
];
const PASSING = ['Throttling', 'ServiceUnavailable', 'InternalFailure', 'TimeoutError'];

export interface SearchResult {
  readonly found: boolean;
  /** The log was read to its end. */
  readonly toTheEnd: boolean;
  /** There is more, and it can be read at once. */
  readonly goOn: boolean;
  /** The key or its rights are not known. */
  readonly refused?: BrokenLink;
  readonly noGroup?: BrokenLink;
}

const NOTHING: SearchResult = { found: false, toTheEnd: false, goOn: false };

/**
 * A search of the statement log in looks of some seconds. Each goes on where the one before stopped.
 *
 * A line may arrive behind the place that was reached, so after the end it begins again where it began.
 */
export class LogSearch {
  /** When the log was begun to be read, the last time. */
  begunAt = 0;
  /** The key works from elsewhere only, so the log is read with the rights of the provisioner. */
  withOwnRights = false;
  private nextToken?: string;

  constructor(
    private readonly run: Run,
    private readonly reading: LogReading,
    private readonly since: number,
    private readonly text?: string,
    /** The key may be denied for no other reason than the address of the function. */
    private readonly keyHasSourceIps = false,
  ) {}

  async search(): Promise<SearchResult> {
    const { logGroupName } = this.reading;
    const as = this.withOwnRights ? 'by the provisioner itself' : 'with the key of Datafold';
    const what = `a look for ${this.text ?? 'any line'} in ${logGroupName} ${as}`;
    if (this.nextToken === undefined) this.begunAt = this.run.clock.now();
    return this.run.step(what, async () => this.readOn().catch((error: unknown) => this.refusal(error)));
  }

  private async readOn(): Promise<SearchResult> {
    const { run, since, text } = this;
    const { key, region, logGroupName } = this.reading;
    const until = run.clock.now() + MAX_LOOK_MS;
    do {
      const reader = this.withOwnRights ? {} : { key };
      const query = { ...reader, region, logGroupName, since, text, nextToken: this.nextToken };
      const { at, nextToken } = await run.aws.statementLog.page(query);
      this.nextToken = nextToken;
      if (at !== undefined) return { ...NOTHING, found: true };
      if (nextToken === undefined) return { ...NOTHING, toTheEnd: true };
    } while (run.clock.now() < until);
    return { ...NOTHING, goOn: true };
  }

  private refusal(error: unknown): SearchResult {
    if (isAws(error, 'AccessDenied') && this.keyHasSourceIps) {
      if (this.withOwnRights) throw error;
      this.withOwnRights = true;
      return { ...NOTHING, goOn: true };
    }
    if (isAws(error, 'AccessDenied', ...UNKNOWN_KEY))
      return { ...NOTHING, refused: keyRefused(this.reading, error.code) };
    if (isAws(error, 'ResourceNotFound')) return { ...NOTHING, noGroup: noSuchGroup(this.reading) };
    if (isAws(error, ...PASSING)) return NOTHING;
    throw error;
  }
}

/** Nothing is known to be broken. */
export function notReadToEnd(
  { name, logGroupName, region }: LogReading,
  marker: string,
  milliseconds: number,
): Failure {
  return new Failure(
    `It is not proved that Datafold would draw lineage of ${name}: so much is logged, or CloudWatch is so busy, that ${logGroupName} in ${region} was not read to its end in ${Math.round(milliseconds / 60_000)} minutes, and the statement that was just run (${marker}) not found in what was read. Deploy again when less is written, or without \`proveLineage\`.`,
  );
}
