/** Fields of a line of the log; undefined ones are left out. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** What all lines of one invocation have in common. */
export interface LogSource {
  readonly service: string;
  /** The id that Lambda gave to the invocation. */
  readonly function_request_id: string | undefined;
}

/**
 * One structured line per step. Fields are named one by one: no event, no properties, no URL gets in.
 *
 * `level`, `message`, `timestamp`, `service` and `function_request_id` are the names of Powertools for AWS Lambda
 * (https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/), which dashboards know.
 */
export class Log {
  constructor(
    private readonly common: LogSource & LogFields,
    private readonly redactor: Redactor,
    private readonly write: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  info(message: string, fields: LogFields = {}): void {
    this.line('INFO', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.line('WARN', message, fields);
  }

  /** The text without the secrets that are known. */
  clean(text: string): string {
    return this.redactor.clean(text);
  }

  /** A line that CloudWatch makes metrics of: numbers, and the names of what they belong to. */
  metrics(line: object): void {
    this.write(this.redactor.clean(JSON.stringify(line)));
  }

  private line(level: string, message: string, fields: LogFields): void {
    const clean = (value: string | number | boolean | undefined) =>
      typeof value === 'string' ? this.redactor.clean(value) : value;
    const timestamp = new Date(this.now()).toISOString();
    const all = Object.entries({ level, message, timestamp, ...this.common, ...fields });
    this.write(JSON.stringify(Object.fromEntries(all.map(([key, value]) => [key, clean(value)]))));
  }
}

/** Shorter values would blank out ordinary words. */
const MIN_SECRET_LENGTH = 6;

/** The second line of defence: knows the secrets of one run and takes them out of whatever leaves it. */
export class Redactor {
  private readonly secrets = new Set<string>();

  /** Remembers a secret value. */
  add(secret: string): void {
    if (secret.length >= MIN_SECRET_LENGTH) this.secrets.add(secret);
  }

  /** The text without the secrets, in plain and in JSON's spelling. */
  clean(text: string): string {
    let cleaned = text;
    for (const secret of this.secrets) {
      cleaned = cleaned.replaceAll(secret, '***').replaceAll(JSON.stringify(secret).slice(1, -1), '***');
    }
    return cleaned;
  }
}
