import { Failure } from './failure';
import type { StackReading } from './fence-rules';

/** A CloudFormation event, with as much as could be read of it: enough to answer it. */
export interface CustomResourceEvent {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  readonly resourceType: string;
  readonly physicalResourceId?: string;
  readonly properties: unknown;
  readonly oldProperties: unknown;
}

/** What an invocation leaves for the one that goes on with its work. */
export interface Continuation {
  /** When the first invocation began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** How many invocations came before. */
  readonly round: number;
  /** Whatever the resource wants to know again; no secret. */
  readonly state: unknown;
  /** How the first invocation found the stack; undefined where it could not be read. */
  readonly stack?: StackReading;
}

/** Throws a Failure where there is nobody to answer to. */
export function parseEvent(event: unknown): CustomResourceEvent {
  const fields = (event ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  const requestType = (['Create', 'Update', 'Delete'] as const).find((type) => type === fields.RequestType);
  if (!requestType || !/^https?:\/\//.test(text('ResponseURL')))
    throw new Failure(
      'This function answers CloudFormation: it needs an event with a RequestType of Create, Update or Delete and a ResponseURL.',
    );
  return {
    requestType,
    responseUrl: text('ResponseURL'),
    stackId: text('StackId'),
    requestId: text('RequestId'),
    logicalResourceId: text('LogicalResourceId'),
    resourceType: text('ResourceType'),
    physicalResourceId: text('PhysicalResourceId') || undefined,
    properties: fields.ResourceProperties ?? {},
    oldProperties: fields.OldResourceProperties,
  };
}

/** What a former invocation left in the event; a first one starts now. */
export function parseContinuation(event: unknown, now: number): Continuation {
  const { startedAt, round, state, stack } = ((event as { continuation?: unknown } | undefined)
    ?.continuation ?? {}) as Partial<Record<keyof Continuation, unknown>>;
  const begun = typeof startedAt === 'number' && startedAt <= now;
  return begun && typeof round === 'number'
    ? { startedAt, round, state, stack: stack as StackReading | undefined }
    : { startedAt: now, round: 0, state: undefined };
}
