import type { LabOptions } from './lab';
import type { World } from './world';

/** One thing that a person does with the library, from the first deployment to the last trace of it. */
export interface Scenario {
  /** The number in the list of scenarios, as `4.2`. */
  readonly number: string;
  readonly title: string;
  /** An emulator of its own with these options, without a server: it runs beside the others, in one order of resources. */
  readonly emulator?: Pick<LabOptions, 'network' | 'modifySeconds'>;
  /** Runs in an account of AWS too, beside the server that scenarios share or with one of its own. */
  readonly account?: 'shared server' | 'own server';
  /** Marks in the emulator's log that the scenario provokes: see `marks`. All others fail it. */
  readonly provokes?: readonly RegExp[];
  /** Throws when something is not as it should be, or `Skipped`. Ends with nothing left: the runner compares. */
  readonly run: (world: World) => Promise<void>;
}
