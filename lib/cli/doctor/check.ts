import { AwsFailure } from '../../handler/provisioner/aws/failure';
import { isSessionOver } from '../aws/session';

/** The result of one check. */
export interface Check {
  readonly check: string;
  /** The name of the stack or data source that was checked. */
  readonly subject: string;
  readonly status: 'ok' | 'warning' | 'failed';
  /** What was found; for a failure, its cause. */
  readonly message: string;
  /** What to do about it. */
  readonly next?: string;
}

/** Collects the checks of one subject. */
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

  /** Runs a step of a check; an error becomes a failed check with the error as its cause. */
  async attempt<T>(check: string, next: string, work: () => Promise<T>): Promise<T | undefined> {
    this.progress(`${this.subject}: ${check}`);
    try {
      return await work();
    } catch (error) {
      if (isSessionOver(error)) throw error; // every other call would fail as well
      this.fail(check, causeOf(error), next);
      return undefined;
    }
  }
}

/** Leaves out the provisioner's advice, which is about deployments. */
function causeOf(error: unknown): string {
  if (error instanceof AwsFailure) return `${error.action} on ${error.resource} failed with ${error.code}.`;
  return (error as Error).message;
}
