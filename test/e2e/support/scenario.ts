import type { World } from './world';

/** One thing that a person does with the library, from the first deployment to the last trace of it. */
export interface Scenario {
  /** The number in the list of scenarios, as `4.2`. */
  readonly number: string;
  readonly title: string;
  /** Throws when something is not as it should be. Ends with nothing left: the runner compares. */
  readonly run: (world: World) => Promise<void>;
}
