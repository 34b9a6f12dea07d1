import { shorten } from '../../shorten';
import type { Outcome } from './outcome';

/** The limit for a reason in a stack event; CloudFormation accepts 4096 bytes for the whole response. */
const MAX_REASON_BYTES = 1000;

/** An error whose message is meant for a person: operation, object, code, likely cause, next step; never a secret. */
export class Failure extends Error {
  override readonly name: string = 'Failure';

  constructor(
    message: string,
    /** SQLSTATE, AWS error code or Node's error code. */
    readonly code?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /**
   * True if the work depends on something that does not exist, is denied or can't be reached. A rollback meets the same failure,
   * so it must not fail the rollback.
   */
  get tolerateDuringRollback(): boolean {
    return this.cause instanceof Failure && this.cause.tolerateDuringRollback;
  }

  /** True if the same call may succeed a little later without intervention. */
  get isTransient(): boolean {
    return false;
  }
}

/** True for a Failure with one of the codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): error is Failure {
  return error instanceof Failure && error.code !== undefined && codes.includes(error.code);
}

/** CloudFormation no longer waits for the request, or a deployment runs beside a task: nothing is changed and no response is sent. */
export class Superseded extends Failure {
  override readonly name = 'Superseded';

  constructor(readonly reason: string) {
    super(`Nothing more is changed: ${reason}.`);
  }

  /** True for a deployment in progress; false if the stack is stuck or being deleted. */
  get passes(): boolean {
    return !/FAILED|DELETE_|not exist/.test(this.reason);
  }
}

/** True for a Failure, but not for one that says that the request was superseded, which ends the run. */
export function isFailed(error: unknown): error is Failure {
  return error instanceof Failure && !(error instanceof Superseded);
}

/** A Create that failed and could not be reverted: its Delete reverts it, under the physical id of a success. */
export class PartiallyCreated extends Failure {
  override readonly name = 'PartiallyCreated';

  constructor(
    readonly physicalId: string,
    message = 'The changes of the Create could not be reverted at once; the rollback tries again.',
  ) {
    super(message);
  }
}

/** The existing state does not allow the work until somebody changes that state: a rollback meets the same failure. */
export class PreconditionFailed extends Failure {
  override readonly name: string = 'PreconditionFailed';

  override get tolerateDuringRollback(): boolean {
    return true;
  }
}

/** Something that the work needs does not exist: a server, a secret with a value, a login in the secret. */
export class MissingDependency extends PreconditionFailed {
  override readonly name: string = 'MissingDependency';
}

/** The work is done, but a check failed. A rollback must succeed nevertheless. */
export class CheckFailed extends Failure {
  override readonly name = 'CheckFailed';

  constructor(
    failure: Failure,
    /** Returns the outcome for a rollback, which reports the failed check instead of failing. */
    readonly onRollback: () => Promise<Outcome>,
  ) {
    super(failure.message, failure.code, { cause: failure });
  }
}

/** Returns the text for a stack event. The message of an error that is not a Failure may hold anything and is not used. */
export function reasonOf(error: unknown): string {
  if (error instanceof Failure) return shorten(error.message, MAX_REASON_BYTES);
  const name = error instanceof Error ? error.name : typeof error;
  return `The provisioner failed with an unexpected ${name}. See its log for the stack trace, and report the bug.`;
}
