/** Thrown by a scenario that can't be tried where the suite runs, before it has done anything; the message says why. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}
