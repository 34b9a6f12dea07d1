import { Failure } from './failure';
import { Fields } from './fields';

/** Parses the properties of one custom resource; fails once, with all that is wrong. */
export function parseProperties<T>(value: unknown, read: (fields: Fields) => T): T {
  const problems: string[] = [];
  const parsed = read(new Fields(value, '', problems));
  if (problems.length > 0)
    throw new Failure(
      `The properties of the custom resource are not valid: ${problems.join('; ')}. Correct them in the template, then deploy again.`,
    );
  return parsed;
}
