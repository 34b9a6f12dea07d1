import { Failure } from './failure';

/** A CloudFormation event, parsed as far as a response needs. */
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

/** Parses an event. Throws Failure if no response can be sent. */
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
