import type { Lifecycle as AnyLifecycle } from '../runtime/lifecycle';
import type { Run as AnyRun } from '../runtime/run';
import type { Task as AnyTask } from '../runtime/task';
import type { AwsPorts } from './ports';

/** The framework's types with all of AWS that this function calls. */
export type Run = AnyRun<AwsPorts>;
export type Lifecycle<P> = AnyLifecycle<P, AwsPorts>;
export type Task = AnyTask<AwsPorts>;

/** Runs a call to AWS: with retries and logs, or without. */
export type Ask = <T>(what: string, question: () => Promise<T>) => Promise<T>;
