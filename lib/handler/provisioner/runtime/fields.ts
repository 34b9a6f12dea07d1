import { Failure } from './failure';

/** Reads untrusted properties and collects all problems. */
export class Fields {
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly path: string = '',
    private readonly problems: string[] = [],
  ) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) this.problems.push(`${path ? `\`${path}\`` : 'the properties'} must be an object`);
    this.values = isObject ? (value as Record<string, unknown>) : {};
  }

  /** True if the property exists. */
  has(name: string): boolean {
    const value = this.values[name];
    return value !== undefined && value !== null;
  }

  /** Reads a required text. */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) this.report(name, 'is missing');
    return value ?? '';
  }

  /** Reads a text; an empty one counts as absent. */
  optionalText(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.report(name, 'must be a text');
    return undefined;
  }

  /** Reads a whole number from 1 to `highest`, as a number or as digits. */
  number(name: string, fallback: number, highest: number): number {
    const text = this.optionalText(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= highest) return value;
    this.report(name, `must be a whole number from 1 to ${highest}, got: ${quote(text)}`);
    return fallback;
  }

  /** Reads a boolean, or CloudFormation's text for it. */
  flag(name: string, fallback: boolean): boolean {
    return this.oneOf(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  }

  /** Reads one of the allowed words. */
  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const text = this.optionalText(name);
    if (text === undefined) return fallback;
    const found = allowed.find((word) => word === text);
    if (found === undefined) this.report(name, `must be one of ${allowed.join(', ')}, got: ${quote(text)}`);
    return found ?? fallback;
  }

  /** Reads a list of texts. */
  texts(name: string): string[] | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[];
    this.report(name, 'must be a list of texts');
    return undefined;
  }

  /** Reads texts by name; none if absent. */
  textMap(name: string): Record<string, string> {
    const value = this.values[name] ?? {};
    const isMap = typeof value === 'object' && !Array.isArray(value);
    if (isMap && Object.values(value).every((item) => typeof item === 'string'))
      return value as Record<string, string>;
    this.report(name, 'must be an object of texts');
    return {};
  }

  /** Reads a nested object. */
  object(name: string): Fields {
    return new Fields(this.values[name], this.pathOf(name), this.problems);
  }

  /** Reads a list of objects with at least one item. */
  objects(name: string): Fields[] {
    const value = this.values[name];
    if (Array.isArray(value) && value.length > 0)
      return value.map((item, i) => new Fields(item, this.pathOf(`${name}[${i}]`), this.problems));
    this.report(name, 'must be a list with at least one item');
    return [];
  }

  /** Adds a problem. */
  report(name: string, what: string): void {
    this.problems.push(`\`${this.pathOf(name)}\` ${what}`);
  }

  private pathOf(name: string): string {
    return this.path ? `${this.path}.${name}` : name;
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** Parses the properties of a custom resource. Throws one Failure with all problems. */
export function parseProperties<T>(value: unknown, read: (fields: Fields) => T): T {
  const problems: string[] = [];
  const parsed = read(new Fields(value, '', problems));
  if (problems.length > 0)
    throw new Failure(
      `The properties of the custom resource are not valid: ${problems.join('; ')}. Correct them in the template, then deploy again.`,
    );
  return parsed;
}
