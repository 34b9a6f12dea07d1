import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpServer } from '../http-server';
import { OpenApi } from './openapi';

export interface DataSource {
  readonly id: number;
  readonly name: string;
  readonly accessible?: boolean;
  readonly type?: string;
  readonly temp_schema?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Step {
  readonly step: string;
  readonly status: string;
  readonly result?: unknown;
}

/** Instead of its work: an answer, no answer at all, a connection that breaks; or the work, but no answer. */
export type Fault =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'silence'
  | 'hang up'
  | 'done, then hang up';

const STEPS = ['connection', 'temp_schema', 'schema_download', 'lineage_download'];
export const allOk: Step[] = STEPS.map((step) => ({
  step,
  status: 'done',
  result: { code: 'OK', message: '', outcome: 'success' },
}));

const HIDDEN = ['password', 'aws_secret_access_key', 'rootcert'];

/** Datafold as its documentation has it, on a local port; it checks each request by its OpenAPI document. */
export class DatafoldServer extends HttpServer {
  readonly sources: DataSource[] = [];
  /** What was asked, as `METHOD path`. */
  readonly asked: string[] = [];
  /** The bodies that were posted to make a data source. */
  readonly posted: unknown[] = [];
  /** What does not fit the document. */
  readonly violations: string[] = [];
  readonly checked: boolean;
  /** How the tests end, and how often they are asked for before that. */
  test: { polls: number; status: string; steps: Step[] } = { polls: 0, status: 'done', steps: allOk };
  /** Called when a request is left without an answer. */
  onSilence: () => void = () => undefined;
  private readonly openApi = OpenApi.load();
  private readonly faults: { readonly operation: string; readonly fault: Fault }[] = [];
  private readonly jobs = new Map<number, number>();

  constructor(readonly apiKey: string) {
    super((request, text, response) => this.take(request, text, response));
    this.checked = this.openApi !== undefined;
  }

  /** The next requests of this operation, `POST /api/v1/data_sources`, end like this. */
  next(operation: string, ...faults: Fault[]): void {
    this.faults.push(...faults.map((fault) => ({ operation, fault })));
  }

  private take(request: IncomingMessage, text: string, response: ServerResponse): void {
    const [method, path] = [request.method ?? '', request.url ?? ''];
    const body = text === '' ? undefined : (JSON.parse(text) as unknown);
    this.asked.push(`${method} ${path}`);
    this.violations.push(...(this.openApi?.request(method, path, body) ?? []));
    if (body !== undefined && request.headers['content-type'] !== 'application/json')
      this.violations.push(`${method} ${path} has content type ${request.headers['content-type']}`);

    const answer = (status: number, value?: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof value === 'string' ? value : JSON.stringify(value ?? null));
    };
    const at = this.faults.findIndex(({ operation }) => operation === `${method} ${path}`);
    const fault = at < 0 ? undefined : this.faults.splice(at, 1)[0]?.fault;
    if (fault === 'silence') return this.onSilence();
    if (fault === 'hang up') return void request.socket.destroy();
    if (typeof fault === 'object') return answer(fault.status, fault.body, fault.headers);
    if (request.headers.authorization !== `Key ${this.apiKey}`)
      return answer(401, { detail: 'Unauthorized' });
    const value = this.work(method, path, body);
    if (fault === 'done, then hang up') return void request.socket.destroy();
    if (value === undefined) return answer(404, { detail: 'Not Found' });
    this.violations.push(...(this.openApi?.answer(method, path, 200, value) ?? []));
    answer(200, value);
  }

  private work(method: string, path: string, body: unknown): unknown {
    const parts = path.split('/').slice(4);
    if (parts.length === 0 && method === 'GET') return this.sources.map(shown);
    if (parts.length === 0) return this.make(body as Omit<DataSource, 'id'>);
    if (parts[0] === 'test') return this.jobState(Number(parts[1]));
    const source = this.sources.find(({ id }) => id === Number(parts[0]));
    if (parts[1] === 'test' && source) return this.startTest();
    return source && shown(source);
  }

  private make(form: Omit<DataSource, 'id'>): DataSource {
    this.posted.push(form);
    const made = { ...form, id: 41 + this.sources.length };
    this.sources.push(made);
    return shown(made);
  }

  private startTest(): { job_id: number } {
    const job_id = 700 + this.jobs.size;
    this.jobs.set(job_id, 0);
    return { job_id };
  }

  private jobState(id: number): unknown {
    const polls = this.jobs.get(id);
    if (polls === undefined) return undefined;
    this.jobs.set(id, polls + 1);
    const { status, steps } = this.test;
    if (polls >= this.test.polls) return { id, status, results: steps };
    const results = STEPS.map((step) => ({ step, status: 'queued', result: null }));
    return { id, status: 'processing', results };
  }
}

/** Fields that are only written, as the document says, are never returned. */
function shown(source: DataSource): DataSource {
  const options = Object.entries(source.options ?? {}).filter(([key]) => !HIDDEN.includes(key));
  return { ...source, options: Object.fromEntries(options) };
}
