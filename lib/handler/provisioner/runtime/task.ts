import type { Continue } from './outcome';
import type { Run, RuntimePorts } from './run';

/** One kind of work that EventBridge asks for. It reports by its log and its metrics: nobody waits for an answer. */
export type Task<A extends RuntimePorts = RuntimePorts> = (
  event: TaskEvent,
  run: Run<A>,
  state: unknown,
) => Promise<Continue | undefined>;

/** A task as it arrived. */
export interface TaskEvent {
  readonly task: string;
  /** The custom resource that the task is for: the same owner. */
  readonly logicalResourceId: string;
  readonly raw: Readonly<Record<string, unknown>>;
}
