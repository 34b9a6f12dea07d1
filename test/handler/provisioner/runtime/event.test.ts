import { parseEvent } from '../../../../lib/handler/provisioner/runtime/event';
import { parseContinuation } from '../../../../lib/handler/provisioner/runtime/continuation';

const EVENT = {
  RequestType: 'Update',
  ResponseURL: 'https://answer.example/1',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Access',
  ResourceType: 'Custom::DatafoldDatabaseAccess',
  PhysicalResourceId: 'id',
  ResourceProperties: { a: '1' },
  OldResourceProperties: { a: '0' },
};

test('parses an event of CloudFormation', () => {
  expect(parseEvent(EVENT)).toEqual({
    requestType: 'Update',
    responseUrl: 'https://answer.example/1',
    stackId: 'stack',
    requestId: 'request',
    logicalResourceId: 'Access',
    resourceType: 'Custom::DatafoldDatabaseAccess',
    physicalResourceId: 'id',
    properties: { a: '1' },
    oldProperties: { a: '0' },
  });
});

test('parses an event that has only what a response needs', () => {
  for (const RequestType of ['Create', 'Update', 'Delete'])
    expect(parseEvent({ RequestType, ResponseURL: 'http://answer.example/', StackId: 5 })).toEqual({
      requestType: RequestType,
      responseUrl: 'http://answer.example/',
      stackId: '',
      requestId: '',
      logicalResourceId: '',
      resourceType: '',
      physicalResourceId: undefined,
      properties: {},
      oldProperties: undefined,
    });
});

test.each([
  [undefined],
  [{}],
  [{ ...EVENT, RequestType: 'Read' }],
  [{ ...EVENT, RequestType: undefined }],
  [{ ...EVENT, ResponseURL: undefined }],
  [{ ...EVENT, ResponseURL: 'ftp://answer.example/' }],
  [{ ...EVENT, ResponseURL: ' https://answer.example/' }],
  [{ ...EVENT, ResponseURL: 5 }],
])('%j is nobody to answer to', (event) => {
  expect(() => parseEvent(event)).toThrow(
    'This function answers CloudFormation: it needs an event with a RequestType of Create, Update or Delete and a ResponseURL.',
  );
});

test('parses the state that the previous invocation left', () => {
  const continuation = {
    startedAt: 90,
    invocationCount: 2,
    state: { at: 'b' },
    stack: { status: 'CREATE_IN_PROGRESS' },
  };
  expect(parseContinuation({ ...EVENT, continuation }, 90)).toEqual(continuation);
});

test.each([
  [undefined],
  [EVENT],
  [{ continuation: {} }],
  [{ continuation: { invocationCount: 2, state: 'x' } }],
  [{ continuation: { startedAt: '90', invocationCount: 2, state: 'x' } }],
  [{ continuation: { startedAt: 101, invocationCount: 2, state: 'x' } }],
  [{ continuation: { startedAt: 90, state: 'x' } }],
])('%j begins now', (event) => {
  expect(parseContinuation(event, 100)).toEqual({ startedAt: 100, invocationCount: 0, state: undefined });
});
