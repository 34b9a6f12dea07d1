import { MAX_NAME_BYTES } from '../private/access/postgres-names';
import { UsageError } from './command';

/** Returns a valid name for PostgreSQL, or throws a UsageError that names the option. */
export function checkedName(option: string, name: string): string {
  const wrong = problemOf(name);
  if (wrong) throw new UsageError(`--${option} ${wrong}, got: ${JSON.stringify(name)}`);
  return name;
}

/** The names in an option that may be repeated and may hold a comma-separated list. */
export function checkedNames(option: string, values: readonly string[] = []): string[] {
  const names = values.flatMap((value) => value.split(',')).map((name) => checkedName(option, name.trim()));
  return [...new Set(names)];
}

function problemOf(name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `must be at most ${MAX_NAME_BYTES} bytes long`;
  // eslint-disable-next-line no-control-regex -- a line break would end a comment or a command of psql
  if (/[\u0000-\u001f\u007f\u2028\u2029]/.test(name)) return 'must not hold control characters';
  return undefined;
}
