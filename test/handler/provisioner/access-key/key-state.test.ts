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
  ['a new key is kept', [key('A')], stored('A'), 89, { do: 'nothing' }],
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
  ['a deleted key is replaced', [], stored('A'), 10, { do: 'make', retiring: undefined }],
  ['also beside a key of somebody else', [key('X')], stored('A'), 10, { do: 'make', retiring: undefined }],
] as const)('%s', (_, keys, holds, day, desired) => {
  expect(step([...keys], holds, day)).toEqual(desired);
});

test('reports a key of somebody else when a new key is due, and never changes it', () => {
  expect(step([key('A'), key('X')], stored('A'), 89)).toEqual({ do: 'nothing' });
  expect(step([key('A'), key('X')], stored('A'), 90)).toEqual({
    do: 'report',
    problem:
      "The key can't be replaced: a user has at most two keys, and the second one, X, was not created by this library, so it is kept. Delete it if it is not in use.",
  });
});

test('reports a key that was deactivated instead of replacing it', () => {
  expect(step([key('A', 0, false)], stored('A'), 90)).toEqual({
    do: 'report',
    problem:
      'The key A, with which Datafold reads the statement log, was deactivated. Activate it again, or delete it: then a new key is created.',
  });
});

test('keeps a replaced key that was activated again', () => {
  expect(step([key('A'), key('B', 90)], stored('B', 'A', 104), 120)).toEqual({
    do: 'report',
    problem:
      'The replaced key A was activated again, so it is kept and the rotation stops. Enter the new key in Datafold, then delete A.',
  });
});

test('deletes a key that a run created and lost, but not a key that somebody created on the same day', () => {
  const pendingKey = { at: 90 * DAY, keys: ['A'] };
  const at = (minutes: number) => ({ ...key('B'), createdAt: 90 * DAY + minutes * 60_000 });
  expect(step([key('A'), at(1)], stored('A'), 91, pendingKey)).toEqual({ do: 'delete-lost', key: 'B' });
  expect(step([key('A'), at(60)], stored('A'), 91, pendingKey)).toMatchObject({ do: 'report' });
  expect(step([key('A'), at(-10)], stored('A'), 91, pendingKey)).toMatchObject({ do: 'report' });
});

test('ignores the journal once the new key is in the secret', () => {
  const pendingKey = { at: 90 * DAY, keys: ['A'] };
  expect(step([key('B', 90), key('X', 90)], stored('B', 'A'), 91, pendingKey)).toEqual({ do: 'nothing' });
});

test('whatever happens in a year: at most two keys, keys of others unchanged, the key in the secret active', () => {
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
