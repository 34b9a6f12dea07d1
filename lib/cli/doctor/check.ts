import { AwsFailure } from '../../handler/provisioner/aws/failure';

/** One thing that was looked at. */
export interface Check {
  readonly check: string;
  /** What it is about: a stack, or the name of a data source. */
  readonly subject: string;
  readonly status: 'ok' | 'warning' | 'failed';
  /** What was found; the cause, where it is not as it should be. */
  readonly message: string;
  /** What to do next. */
  readonly next?: string;
}

/** Makes checks about one subject. */
export class Checks {
  readonly all: Check[] = [];

  constructor(
    private readonly subject: string,
    private readonly progress: (what: string) => void,
  ) {}

  ok(check: string, message: string): void {
    this.all.push({ check, subject: this.subject, status: 'ok', message });
  }

  warn(check: string, message: string, next: string): void {
    this.all.push({ check, subject: this.subject, status: 'warning', message, next });
  }

  fail(check: string, message: string, next: string): void {
    this.all.push({ check, subject: this.subject, status: 'failed', message, next });
  }

  /** Looks at something; what is thrown is the cause of a failed check. */
  async look<T>(check: string, next: string, work: () => Promise<T>): Promise<T | undefined> {
    this.progress(`${this.subject}: ${check}`);
    try {
      return await work();
    } catch (error) {
      this.fail(check, causeOf(error), next);
      return undefined;
    }
  }
}

/** The advice in a failure of the provisioner is meant for deployments. */
function causeOf(error: unknown): string {
  if (error instanceof AwsFailure) return `${error.action} on ${error.resource} failed with ${error.code}.`;
  return (error as Error).message;
}
