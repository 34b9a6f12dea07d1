import type { Continue } from './outcome';
import type { Run, RuntimePorts } from './run';

/** A scheduled task of EventBridge, which reports by log and metrics. */
export type Task<A extends RuntimePorts = RuntimePorts> = (
  event: TaskEvent,
  run: Run<A>,
  state: unknown,
) => Promise<Continue | undefined>;

/** The event of a task. */
export interface TaskEvent {
  readonly task: string;
  /** The custom resource of the task, which has the same owner key. */
  readonly logicalResourceId: string;
  readonly raw: Readonly<Record<string, unknown>>;
}
