import type { Lifecycle as AnyLifecycle } from '../runtime/lifecycle';
import type { Run as AnyRun } from '../runtime/run';
import type { Task as AnyTask } from '../runtime/tasks';
import type { AwsPorts, Logs } from './ports';
import type { Rds } from './rds-ports';

/** The framework's types with all of AWS that this function calls. */
export type Run = AnyRun<AwsPorts>;
export type Lifecycle<P> = AnyLifecycle<P, AwsPorts>;
export type Task = AnyTask<AwsPorts>;

/** What reading the state of a server needs: the calls, and how they are made. */
export interface Reading {
  readonly aws: {
    readonly rds: Pick<Rds, 'find' | 'findGroup' | 'usersOf' | 'readParameters' | 'tagsOf'>;
    readonly logs: Pick<Logs, 'find' | 'readTags'>;
  };
  readonly call: Ask;
}

/** Runs a call to AWS: with retries and logs, or without. */
export type Ask = <T>(what: string, question: () => Promise<T>) => Promise<T>;
