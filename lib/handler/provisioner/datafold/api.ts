import type { Run } from '../aws/run';
import { retry, within } from '../runtime/retry';
import { DatafoldFailure, invalidResponse, refusal, noResponse, type Asked } from './failure';
import { type HttpAnswer, NoAnswer, pauseBefore, send } from './http';
import { readJob, readSource, readTest, type Source, type TestState } from './answers';

/** How long one request is repeated in all. */
export const RETRY_WINDOW_MS = 3 * 60_000;

/** A request, and how its response is read. */
interface Question<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly read: (value: unknown) => T;
  /** False after a failure for which the request must not be repeated; by default it may. */
  readonly mayRepeat?: (error: DatafoldFailure) => boolean;
}

/** The part of Datafold's API that a registration needs. Every method fails with a DatafoldFailure. */
export class DatafoldApi {
  constructor(
    private readonly run: Run,
    private readonly origin: string,
    private readonly apiKey: string,
    private readonly apiKeySecret: string,
  ) {}

  /** Lists all data sources. */
  async list(): Promise<Source[]> {
    return this.ask('data sources in Datafold', {
      method: 'GET',
      path: '/api/v1/data_sources',
      read: (value) => (value as unknown[]).map(readSource),
    });
  }

  /** Returns the data source with the id; undefined if it does not exist. */
  async find(id: number): Promise<Source | undefined> {
    try {
      const path = `/api/v1/data_sources/${id}`;
      return await this.ask(`data source ${id} in Datafold`, { method: 'GET', path, read: readSource });
    } catch (error) {
      if (error instanceof DatafoldFailure && error.code === 'HTTP 404') return undefined;
      throw error;
    }
  }

  /** Creates a data source. Not retried if Datafold may have created it: a second request would create a second one. */
  async create(body: string): Promise<Source> {
    return this.ask('new data source in Datafold', {
      method: 'POST',
      path: '/api/v1/data_sources',
      body,
      read: readSource,
      mayRepeat: (error) => !error.mayBeDone,
    });
  }

  /** Starts Datafold's own test and returns the id of its job. */
  async startTest(id: number): Promise<number> {
    const path = `/api/v1/data_sources/${id}/test`;
    return this.ask(`start of Datafold's test`, { method: 'POST', path, read: readJob });
  }

  async readTest(jobId: number): Promise<TestState> {
    const path = `/api/v1/data_sources/test/${jobId}`;
    return this.ask("state of Datafold's test", { method: 'GET', path, read: readTest });
  }

  private async ask<T>(
    what: string,
    { method, path, body, read, mayRepeat = () => true }: Question<T>,
  ): Promise<T> {
    const asked: Asked = { method, url: `${this.origin}${path}`, apiKeySecret: this.apiKeySecret };
    const { clock } = this.run;
    const isInTime = within(RETRY_WINDOW_MS);
    let retryAfter: string | undefined;
    return this.run.step(what, async () =>
      retry(
        this.run,
        (count) => pauseBefore(count, retryAfter, clock.now()),
        async () => {
          if (method === 'POST') await this.run.checkFence();
          const answer = await this.once(asked, read, body);
          ({ retryAfter } = answer);
          if (answer.error) throw answer.error;
          return answer.value as T;
        },
        (error, attempt) => {
          const isRetryable = error instanceof DatafoldFailure && error.passes && mayRepeat(error);
          if (!isRetryable || !isInTime(attempt)) return false;
          this.run.log.warn('request to Datafold is retried', {
            what,
            code: error.code,
            pauseMs: attempt.pauseMs,
          });
          return true;
        },
      ),
    );
  }

  private async once<T>(
    asked: Asked,
    read: (value: unknown) => T,
    body?: string,
  ): Promise<{ value?: T; error?: DatafoldFailure; retryAfter?: string }> {
    const { method, url } = asked;
    let answer: HttpAnswer;
    try {
      answer = await send({ method, url, apiKey: this.apiKey, body }, this.run.clock);
    } catch (error) {
      return { error: noResponse(asked, error instanceof NoAnswer ? error.code : 'Error') };
    }
    if (answer.status !== 200) {
      const text = this.run.clean(answer.text); // before the text is shortened, which could leave a part of a secret
      return { error: refusal(asked, { ...answer, text }), retryAfter: answer.retryAfter };
    }
    try {
      return { value: read(JSON.parse(answer.text)) };
    } catch {
      return { error: invalidResponse(asked) };
    }
  }
}
