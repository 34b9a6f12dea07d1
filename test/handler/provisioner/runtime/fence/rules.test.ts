import {
  refusalAtStart,
  signedAt,
  supersession,
  taskRefusal,
  type FencedRequest,
  type StackReading,
} from '../../../../../lib/handler/provisioner/runtime/fence-rules';

const T = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const at = (seconds: number) => T + seconds * SECOND;
const request = (requestType: FencedRequest['requestType'], sentAt = T): FencedRequest => ({
  requestType,
  sentAt,
});
/** A stack and its resource, and when each of them was written. */
function reading(stack: string, resource?: string, stackAt = T, resourceAt = T): StackReading {
  return {
    stack: { status: stack, changedAt: stackAt },
    ...(resource !== undefined && { resource: { status: resource, changedAt: resourceAt } }),
  };
}

/** The same by an event, which does not say when the stack was changed. */
function untimed(stack: string, resource: string, resourceAt = T): StackReading {
  return { ...reading(stack, resource, T, resourceAt), stack: { status: stack } };
}

describe('the first invocation', () => {
  test.each<[FencedRequest['requestType'], string, string | undefined]>([
    ['Create', 'CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS'],
    ['Create', 'UPDATE_IN_PROGRESS', 'CREATE_IN_PROGRESS'],
    ['Create', 'IMPORT_IN_PROGRESS', undefined],
    ['Update', 'UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'],
    ['Update', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_IN_PROGRESS'],
    ['Update', 'IMPORT_ROLLBACK_IN_PROGRESS', 'UPDATE_IN_PROGRESS'],
    ['Update', 'UPDATE_IN_PROGRESS', undefined],
    ['Delete', 'DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
    ['Delete', 'ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS'],
    ['Delete', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'], // the old half of a replacement
    ['Delete', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined],
  ])('carries out a %s while the stack is %s and the resource %s', (type, stack, resource) => {
    expect(refusalAtStart(request(type), reading(stack, resource))).toBeUndefined();
  });

  test.each<[FencedRequest['requestType'], string, string | undefined, string]>([
    ['Create', 'ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'the stack is ROLLBACK_IN_PROGRESS'],
    ['Create', 'UPDATE_ROLLBACK_IN_PROGRESS', undefined, 'the stack is UPDATE_ROLLBACK_IN_PROGRESS'],
    ['Create', 'DELETE_IN_PROGRESS', undefined, 'the stack is DELETE_IN_PROGRESS'],
    ['Create', 'UPDATE_IN_PROGRESS', 'CREATE_FAILED', 'the resource is CREATE_FAILED'],
    ['Update', 'UPDATE_COMPLETE', 'UPDATE_COMPLETE', 'the stack is UPDATE_COMPLETE'],
    ['Update', 'UPDATE_ROLLBACK_FAILED', 'UPDATE_FAILED', 'the stack is UPDATE_ROLLBACK_FAILED'],
    [
      'Update',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      undefined,
      'the stack is UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    ],
    ['Update', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_FAILED', 'the resource is UPDATE_FAILED'],
    ['Update', 'UPDATE_IN_PROGRESS', 'DELETE_COMPLETE', 'the resource is DELETE_COMPLETE'],
    ['Delete', 'DELETE_COMPLETE', undefined, 'the stack is DELETE_COMPLETE'],
    ['Delete', 'UPDATE_COMPLETE', undefined, 'the stack is UPDATE_COMPLETE'],
  ])('leaves a %s alone while the stack is %s and the resource %s', (type, stack, resource, reason) => {
    expect(refusalAtStart(request(type), reading(stack, resource))).toBe(reason);
  });

  test('stops a request whose stack no longer exists', () => {
    expect(refusalAtStart(request('Delete'), undefined)).toBe('the stack does not exist');
  });

  test('stops an update that Lambda delivers after the update of its rollback', () => {
    const rollback = reading('UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_IN_PROGRESS', T, at(60));
    expect(refusalAtStart(request('Update'), rollback)).toBe(
      'a later request for the resource is in progress (UPDATE_IN_PROGRESS)',
    );
    expect(refusalAtStart(request('Update', at(61)), rollback)).toBeUndefined();
  });

  test.each(['Create', 'Update', 'Delete'] as const)(
    'leaves a %s alone that Lambda handed over late, in the next operation',
    (type) => {
      const next = reading('UPDATE_IN_PROGRESS', undefined, at(120));
      expect(refusalAtStart(request(type), next)).toBe(
        'a later operation is in progress (UPDATE_IN_PROGRESS)',
      );
    },
  );

  test('tolerates a difference between the clocks of CloudFormation', () => {
    const now = reading('UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', at(5), at(5));
    expect(refusalAtStart(request('Update'), now)).toBeUndefined();
  });
});

describe('an invocation that continues the work', () => {
  const update = reading('UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS');

  test.each<[string, FencedRequest['requestType'], StackReading, StackReading]>([
    ['nothing was written', 'Update', update, update],
    ['the resource can not be described any more', 'Update', update, reading('UPDATE_IN_PROGRESS')],
    [
      'the status is written again as it was',
      'Create',
      reading('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS'),
      reading('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', T, at(9)),
    ],
    [
      'the first reading of the stack was a moment behind',
      'Update',
      update,
      reading('UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_IN_PROGRESS'),
    ],
    [
      'the right to describe the stack, and so the time of its change, went in between',
      'Delete',
      reading('DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS'),
      untimed('DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS'),
    ],
    [
      'the time of its change is not known',
      'Update',
      untimed('UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'),
      update,
    ],
    [
      'the removed resource is marked as such',
      'Delete',
      reading('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'),
      reading('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'DELETE_IN_PROGRESS', T, at(1)),
    ],
  ])('goes on where %s', (_what, type, first, now) => {
    expect(supersession(request(type), first, now)).toBeUndefined();
  });

  test.each<[string, FencedRequest['requestType'], StackReading, StackReading, string]>([
    [
      'the resource was cancelled',
      'Update',
      update,
      reading('UPDATE_IN_PROGRESS', 'UPDATE_FAILED', T, at(9)),
      'the resource is UPDATE_FAILED',
    ],
    [
      'the resource is asked for the rollback',
      'Update',
      update,
      reading('UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_IN_PROGRESS', T, at(9)),
      'the stack is UPDATE_ROLLBACK_IN_PROGRESS',
    ],
    [
      'only the stack can be described',
      'Update',
      reading('UPDATE_IN_PROGRESS'),
      reading('UPDATE_ROLLBACK_IN_PROGRESS'),
      'the stack is UPDATE_ROLLBACK_IN_PROGRESS',
    ],
    [
      'the next update has begun',
      'Update',
      update,
      reading('UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', at(99), at(99)),
      'another operation has begun (UPDATE_IN_PROGRESS)',
    ],
    [
      'the next update has begun, and the time of the stack is not known',
      'Update',
      untimed('UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'),
      untimed('UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', at(99)),
      'another request for the resource has begun (UPDATE_IN_PROGRESS)',
    ],
    [
      'the rollback is over',
      'Update',
      update,
      reading('UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE', T, at(9)),
      'the stack is UPDATE_ROLLBACK_COMPLETE',
    ],
    [
      'what it made is deleted',
      'Create',
      reading('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS'),
      reading('CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', T, at(9)),
      'the resource is DELETE_IN_PROGRESS',
    ],
    [
      'CloudFormation gave up and makes the resource anew',
      'Delete',
      reading('DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS'),
      reading('UPDATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', at(99), at(99)),
      'the resource is CREATE_IN_PROGRESS',
    ],
    [
      'the deletion was begun again',
      'Delete',
      reading('DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS'),
      reading('DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', at(99), at(99)),
      'another operation has begun (DELETE_IN_PROGRESS)',
    ],
    [
      'the stack does not exist',
      'Delete',
      reading('DELETE_IN_PROGRESS'),
      undefined as never,
      'the stack does not exist',
    ],
  ])('stops where %s', (_what, type, first, now, reason) => {
    expect(supersession(request(type), first, now)).toBe(reason);
  });
});

test.each([
  'UPDATE_IN_PROGRESS',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_FAILED',
  'DELETE_FAILED',
])('a scheduled task changes nothing while the stack is %s', (status) => {
  expect(taskRefusal(undefined, { status, changedAt: T })).toBe(`the stack is ${status}`);
});

test('a scheduled task changes nothing after a deployment took place during its run', () => {
  const first = { status: 'UPDATE_COMPLETE', changedAt: T };
  expect(taskRefusal(first, first)).toBeUndefined();
  expect(taskRefusal(first, { ...first, changedAt: at(9) })).toBe('the stack has been changed meanwhile');
  expect(taskRefusal(first, undefined)).toBe('the stack does not exist');
});

test('the time of a request is read from the URL of its response', () => {
  const url =
    'https://bucket.s3.amazonaws.com/x?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000102Z&X-Amz-Expires=7200';
  expect(signedAt(url)).toBe(at(62));
  expect(signedAt('https://bucket.s3.amazonaws.com/x?Expires=1510162268&Signature=s')).toBeUndefined();
});
