import type { Source } from '../datafold/answers';
import { MissingDependency } from '../runtime/failure';
import type { Run } from '../aws/run';

/** The body of `POST /api/v1/data_sources`, with the secret's own text of it. */
export interface Body extends Omit<Source, 'id'> {
  readonly options: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The key as Datafold shows it, or a JSON object with `apiKey`, which the console of AWS makes by itself. */
export async function readApiKey(run: Run, secret: string): Promise<string> {
  const text = (await run.call('API key of Datafold', () => run.aws.secrets.read(secret))).trim();
  const key = text.startsWith('{') ? (parseObject(text).apiKey ?? '') : text;
  if (typeof key === 'string' && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new MissingDependency(
    `The secret ${secret} does not hold an API key of Datafold: its value must be the key itself, or a JSON object with "apiKey". Correct it, then deploy again.`,
  );
}

/** The value of a data source's secret. */
export async function readBody(run: Run, secret: string): Promise<Body> {
  const text = await run.call('secret of the data source', () => run.aws.secrets.read(secret));
  const { name, options, ...rest } = parseObject(text);
  if (typeof name === 'string' && typeof options === 'object' && options !== null)
    return { ...rest, name, options: options as Record<string, unknown>, text };
  throw new MissingDependency(
    `The secret ${secret} does not hold a data source, as DataSource writes it. Deploy again; if somebody changed it by hand, delete its value first.`,
  );
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
