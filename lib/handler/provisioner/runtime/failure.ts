import type { Outcome } from './outcome';

/** Room for a person's sentence in a stack event; CloudFormation takes 4096 bytes for the whole answer. */
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
   * True where the work was not begun or not ended because something that it depends on is missing, may not be used or can't be
   * reached. A rollback meets the same until somebody restores it, so the failure must not end the rollback.
   */
  get tolerateDuringRollback(): boolean {
    return this.cause instanceof Failure && this.cause.tolerateDuringRollback;
  }

  /** True where the same call may succeed a little later, without anybody doing anything. */
  get isTransient(): boolean {
    return false;
  }
}

/** True for a Failure with one of the codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): error is Failure {
  return error instanceof Failure && error.code !== undefined && codes.includes(error.code);
}

/** Nobody waits for the request any more, or a deployment is under way beside a task: nothing is changed, nothing is answered. */
export class Superseded extends Failure {
  override readonly name = 'Superseded';

  constructor(readonly reason: string) {
    super(`Nothing more is changed: ${reason}.`);
  }

  /** True for a deployment, which comes to its end; false where the stack is stuck or goes. */
  get passes(): boolean {
    return !/FAILED|DELETE_|gone/.test(this.reason);
  }
}

/** A Create that failed and could not be undone: its Delete has to do it, under the id that a success would have had. */
export class PartiallyCreated extends Failure {
  override readonly name = 'HalfMade';

  constructor(
    readonly physicalId: string,
    message = 'What it made could not be taken away at once; the rollback tries again.',
  ) {
    super(message);
  }
}

/** What is there lets it not be done until somebody sees to that: the way back meets it too. */
export class PreconditionFailed extends Failure {
  override readonly name: string = 'PreconditionFailed';

  override get tolerateDuringRollback(): boolean {
    return true;
  }
}

/** What the work depends on is not there: a server, a secret with a value, a login in it. */
export class MissingDependency extends PreconditionFailed {
  override readonly name: string = 'MissingDependency';
}

/** What was wanted is done, but a check of it failed. A rollback must get to its end all the same. */
export class CheckFailed extends Failure {
  override readonly name = 'CheckFailed';

  constructor(
    failure: Failure,
    /** The outcome for a rollback: what the check found is reported, not fatal. */
    readonly onRollback: () => Promise<Outcome>,
  ) {
    super(failure.message, failure.code, { cause: failure });
  }
}

/** The text for a stack event. What is not a Failure was not foreseen, so its text is not trusted. */
export function reasonOf(error: unknown): string {
  if (error instanceof Failure) return shorten(error.message, MAX_REASON_BYTES);
  const name = error instanceof Error ? error.name : typeof error;
  return `The provisioner failed with an unexpected ${name}. Its log has the place; please report it as a bug.`;
}

/** Cuts a text to so many bytes of UTF-8, between characters. */
export function shorten(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const room = bytes - Buffer.byteLength('…');
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > room) break;
    kept += character;
  }
  return `${kept}…`;
}
