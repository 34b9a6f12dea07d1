import type { Source } from '../datafold/answers';
import { MissingDependency } from '../runtime/failure';
import type { Run } from '../aws/run';
import { parseObject } from '../aws/secret-kinds';

/** The body of `POST /api/v1/data_sources`, parsed and as the secret stores it. */
export interface Body extends Omit<Source, 'id'> {
  readonly options: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Returns the API key in a secret: the key alone, or a JSON object with `apiKey`, as the AWS console writes it. */
export function apiKeyIn(value: string): string | undefined {
  const text = value.trim();
  const key = text.startsWith('{') ? parseObject(text)?.apiKey : text;
  return typeof key === 'string' && /^[\x21-\x7e]+$/.test(key) ? key : undefined;
}

/** Reads the API key of Datafold. */
export async function readApiKey(run: Run, secret: string): Promise<string> {
  const key = apiKeyIn(await run.call('API key of Datafold', () => run.aws.secrets.read(secret)));
  if (key !== undefined) return key;
  throw new MissingDependency(
    `The secret ${secret} does not hold an API key of Datafold: its value must be the key itself, or a JSON object with "apiKey". Correct it, then deploy again.`,
  );
}

/** Reads the data source in a secret. */
export async function readBody(run: Run, secret: string): Promise<Body> {
  const text = await run.call('secret of the data source', () => run.aws.secrets.read(secret));
  const { name, options, ...rest } = parseObject(text) ?? {};
  if (typeof name === 'string' && typeof options === 'object' && options !== null)
    return { ...rest, name, options: options as Record<string, unknown>, text };
  throw new MissingDependency(
    `The secret ${secret} does not hold a data source as DataSource writes it. Deploy again; if its value was changed by hand, delete the value first.`,
  );
}
