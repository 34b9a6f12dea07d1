import type { AccessKeyId } from '../../../../lib/handler/provisioner/aws/ports';
import {
  nextKeyStep,
  type StoredAccessKey,
  type PendingKey,
} from '../../../../lib/handler/provisioner/access-key/key-state';
import { fc, rounds } from '../../../support/property';

const DAY = 24 * 60 * 60_000;
const TIMES = { every: 90 * DAY, overlap: 14 * DAY, grace: 7 * DAY };
const key = (accessKeyId: string, createdAt = 0, active = true): AccessKeyId => ({
  accessKeyId,
  active,
  createdAt: createdAt * DAY,
});
const stored = (accessKeyId: string, retired?: string, deactivatedAt?: number): StoredAccessKey => ({
  accessKeyId,
  secretAccessKey: 's',
  ...(retired && {
    retired: {
      accessKeyId: retired,
      ...(deactivatedAt !== undefined && { deactivatedAt: deactivatedAt * DAY }),
    },
  }),
});
const step = (keys: AccessKeyId[], holds: StoredAccessKey, day: number, pendingKey?: PendingKey) =>
  nextKeyStep(keys, holds, pendingKey, TIMES, day * DAY);

test.each([
  ['a young key is left alone', [key('A')], stored('A'), 89, { do: 'nothing' }],
  ['an old key is replaced', [key('A')], stored('A'), 90, { do: 'make', retiring: 'A' }],
  ['both work during the overlap', [key('A'), key('B', 90)], stored('B', 'A'), 103, { do: 'nothing' }],
  [
    'the old one is switched off after it',
    [key('A'), key('B', 90)],
    stored('B', 'A'),
    104,
    { do: 'deactivate', key: 'A' },
  ],
  ['and kept for a while', [key('A', 0, false), key('B', 90)], stored('B', 'A', 104), 110, { do: 'nothing' }],
  [
    'then deleted',
    [key('A', 0, false), key('B', 90)],
    stored('B', 'A', 104),
    111,
    { do: 'delete', key: 'A' },
  ],
  [
    'a run that came late moves the deletion',
    [key('A', 0, false), key('B', 90)],
    stored('B', 'A', 150),
    156,
    { do: 'nothing' },
  ],
  [
    'switched off without a note of it: after both times',
    [key('A', 0, false), key('B', 90)],
    stored('B', 'A'),
    111,
    { do: 'delete', key: 'A' },
  ],
  ['the old one deleted by hand is fine', [key('B', 90)], stored('B', 'A'), 120, { do: 'nothing' }],
  [
    'no third key is made while the second one is there',
    [key('A'), key('B', 90)],
    stored('B', 'A', 104),
    400,
    expect.objectContaining({ do: 'report' }),
  ],
  ['a key that somebody deleted is made anew', [], stored('A'), 10, { do: 'make', retiring: undefined }],
  ['also beside a key of somebody else', [key('X')], stored('A'), 10, { do: 'make', retiring: undefined }],
] as const)('%s', (_, keys, holds, day, desired) => {
  expect(step([...keys], holds, day)).toEqual(desired);
});

test('the key of somebody else is reported when a key is due, and never touched', () => {
  expect(step([key('A'), key('X')], stored('A'), 89)).toEqual({ do: 'nothing' });
  expect(step([key('A'), key('X')], stored('A'), 90)).toEqual({
    do: 'report',
    problem:
      "The key can't be replaced: a user has two keys at most, and the second one, X, was not made by this library, so it is left alone. Delete it if nobody needs it.",
  });
});

test('a key that somebody deactivated is not replaced behind their back', () => {
  expect(step([key('A', 0, false)], stored('A'), 90)).toEqual({
    do: 'report',
    problem:
      'Somebody deactivated the key A, which Datafold reads the statement log with. Activate it again, or delete it: then a new one is made.',
  });
});

test('an old key that somebody activated again stays', () => {
  expect(step([key('A'), key('B', 90)], stored('B', 'A', 104), 120)).toEqual({
    do: 'report',
    problem:
      'The replaced key A was activated again, so it is left alone and no key is replaced any more. Enter the new key in Datafold, then delete A.',
  });
});

test('a key that a run made and lost is deleted; one of the same day that somebody made is not', () => {
  const pendingKey = { at: 90 * DAY, keys: ['A'] };
  const at = (minutes: number) => ({ ...key('B'), createdAt: 90 * DAY + minutes * 60_000 });
  expect(step([key('A'), at(1)], stored('A'), 91, pendingKey)).toEqual({ do: 'delete-lost', key: 'B' });
  expect(step([key('A'), at(60)], stored('A'), 91, pendingKey)).toMatchObject({ do: 'report' });
  expect(step([key('A'), at(-10)], stored('A'), 91, pendingKey)).toMatchObject({ do: 'report' });
});

test('once the new key is in the secret, the journal says nothing about others', () => {
  const pendingKey = { at: 90 * DAY, keys: ['A'] };
  expect(step([key('B', 90), key('X', 90)], stored('B', 'A'), 91, pendingKey)).toEqual({ do: 'nothing' });
});

test('whatever happens in a year: two keys at most, those of others untouched, the secret’s key works', () => {
  const event = fc.constantFrom('run', 'run', 'run', 'skip', 'lose', 'stranger', 'stranger goes');
  fc.assert(
    fc.property(fc.array(event, { minLength: 300, maxLength: 400 }), (events) => {
      let keys: AccessKeyId[] = [key('K0')];
      let holds = stored('K0');
      let pendingKey: PendingKey | undefined;
      let made = 0;
      events.forEach((what, day) => {
        if (what === 'skip') return;
        if (what === 'stranger' && keys.length < 2)
          keys.push({ ...key(`X${day}`, day), createdAt: day * DAY + DAY / 2 });
        if (what === 'stranger goes') keys = keys.filter(({ accessKeyId }) => !accessKeyId.startsWith('X'));
        const next = step(keys, holds, day, pendingKey);
        if (next.do === 'make') {
          pendingKey = { at: day * DAY, keys: keys.map(({ accessKeyId }) => accessKeyId) };
          const fresh = key(`K${++made}`, day);
          keys.push(fresh);
          if (what !== 'lose') holds = stored(fresh.accessKeyId, next.retiring);
        }
        if (next.do === 'deactivate') {
          keys = keys.map((one) => (one.accessKeyId === next.key ? { ...one, active: false } : one));
          holds = stored(holds.accessKeyId, next.key, day);
        }
        if (next.do === 'delete' || next.do === 'delete-lost') {
          expect(next.key).toMatch(/^K/);
          keys = keys.filter(({ accessKeyId }) => accessKeyId !== next.key);
        }
        expect(keys.length).toBeLessThanOrEqual(2);
        expect(keys).toContainEqual(
          expect.objectContaining({ accessKeyId: holds.accessKeyId, active: true }),
        );
      });
    }),
    { numRuns: rounds(30) },
  );
});
