import { NoAnswer, pauseBefore, send } from '../../../handler/provisioner/datafold/http';
import { systemClock, type Clock } from '../../../handler/provisioner/runtime/deadline';
import type { TableName } from '../../lineage/table-name';

/** An account of Datafold. */
export interface DatafoldAccount {
  /** The URL of Datafold, such as https://app.datafold.com. */
  readonly host: string;
  readonly apiKey: string;
}

/** Why Datafold's lineage can't be read, for a person. */
export class LineageUnavailable extends Error {
  override readonly name = 'LineageUnavailable';
}

const MAX_ATTEMPTS = 4;

/**
 * Reads lineage by Datafold's API, "Explore" (docs.datafold.com/api-reference/explore/get-table-upstreams).
 *
 * An account without this API answers HTTP 404, as it does for a table that it does not know.
 */
export class DatafoldLineage {
  constructor(
    private readonly account: DatafoldAccount,
    private readonly clock: Clock = systemClock,
  ) {}

  /** The id of the data source with the name; undefined if the owner of the API key does not see it. */
  async findSource(name: string): Promise<number | undefined> {
    const { value } = await this.get('/api/v1/data_sources');
    if (!Array.isArray(value)) throw this.unexpected('/api/v1/data_sources');
    const source = (value as { id?: unknown; name?: unknown }[]).find((one) => one?.name === name);
    return typeof source?.id === 'number' ? source.id : undefined;
  }

  /** The tables from which a table gets its rows; undefined if Datafold does not know it. */
  async upstreamsOf(source: number, database: string, table: TableName): Promise<TableName[] | undefined> {
    const path = [database, table.schema ?? 'public', table.name].map(quoted).join('.');
    const where = `/api/v1/explore/db/${source}/tables/${encodeURIComponent(path)}/upstreams?max_depth=1`;
    const { status, value } = await this.get(where);
    if (status === 404) return undefined;
    if (!Array.isArray(value)) throw this.unexpected(where);
    return value.map((one) => this.tableIn(one, where));
  }

  private tableIn(value: unknown, where: string): TableName {
    const { path, name } = (value ?? {}) as { path?: unknown; name?: unknown };
    if (!Array.isArray(path) || typeof name !== 'string') throw this.unexpected(where);
    const parts = path.map(String);
    const [schema] = (parts.at(-1) === name ? parts.slice(0, -1) : parts).slice(-1);
    return { ...(schema !== undefined && { schema }), name };
  }

  private async get(path: string): Promise<{ status: number; value?: unknown }> {
    const { host, apiKey } = this.account;
    const url = `${host.replace(/\/$/, '')}${path}`;
    for (let attempt = 1; ; attempt += 1) {
      let problem: string;
      let retryAfter: string | undefined;
      try {
        const answer = await send({ method: 'GET', url, apiKey }, this.clock);
        const { status } = answer;
        if (status === 200) return { status, value: this.parse(answer.text, path) };
        if (status === 404) return { status };
        if (status !== 429 && status < 500) throw new LineageUnavailable(refusal(status));
        problem = `it answered HTTP ${status} ${attempt} times. Run the doctor again later.`;
        ({ retryAfter } = answer);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        problem = `it did not answer (${error.code}). Check its URL and the network of this machine.`;
      }
      if (attempt === MAX_ATTEMPTS) throw new LineageUnavailable(problem);
      await this.clock.sleep(pauseBefore(attempt, retryAfter, this.clock.now()));
    }
  }

  private parse(text: string, path: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.unexpected(path);
    }
  }

  private unexpected(path: string): LineageUnavailable {
    return new LineageUnavailable(
      `the response to GET ${path.split('?')[0]} does not have the format of Datafold's API. Check that the URL is your Datafold and not a proxy or a login page.`,
    );
  }
}

function refusal(status: number): string {
  if (status === 401) return 'it refused the API key (HTTP 401). Put a valid key into the secret.';
  if (status === 403)
    return 'it does not allow the owner of the API key to read lineage (HTTP 403). Use the key of an administrator.';
  return `it answered HTTP ${status}. Check that the URL is your Datafold.`;
}

/** A part of a path; parts with a period are quoted. */
const quoted = (part: string) => (part.includes('.') ? `"${part}"` : part);
