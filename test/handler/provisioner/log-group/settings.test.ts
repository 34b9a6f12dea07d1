import type { CoOwner, Requirements } from '../../../../lib/handler/provisioner/log-group/requirements';
import {
  desiredSettings,
  originalFor,
  originalToRecord,
  settingsFor,
} from '../../../../lib/handler/provisioner/log-group/settings';
import { fc, rounds } from '../../../support/property';

const days = fc.constantFrom(undefined, 1, 7, 30, 90, 365);
const key = fc.constantFrom(undefined, 'key-a', 'key-b', 'key-c');
const settings = fc.record({ retentionInDays: days, kmsKeyArn: key });
const requirements: fc.Arbitrary<Requirements> = fc.record({
  retentionInDays: fc.constantFrom(undefined, 1, 7, 30, 90, 9999),
  shortenRetention: fc.constantFrom(undefined, true as const),
  kmsKeyArn: key,
});
const owners = (isConfirmed: boolean) =>
  fc
    .array(requirements, { maxLength: 2 })
    .map((all): CoOwner[] => all.map((one) => ({ requirements: one, isConfirmed })));
const forever = ({ retentionInDays = Infinity }: { readonly retentionInDays?: number }) => retentionInDays;

test('an entry that is not confirmed neither shortens the retention nor sets a key', () => {
  fc.assert(
    fc.property(
      settings,
      fc.array(requirements, { maxLength: 1 }),
      owners(true),
      owners(false),
      settings,
      (original, own, confirmed, others, now) => {
        const without = desiredSettings(original, own, confirmed, now);
        const desired = desiredSettings(original, own, [...confirmed, ...others], now);
        expect(forever(desired)).toBeGreaterThanOrEqual(Math.min(forever(without), forever(now)));
        expect([without.kmsKeyArn, now.kmsKeyArn]).toContain(desired.kmsKeyArn);
      },
    ),
    { numRuns: rounds(1_000) },
  );
});

test('confirmed entries of all owners are carried out: the longest retention, and the first key', () => {
  fc.assert(
    fc.property(settings, fc.array(requirements), owners(true), settings, (original, own, others, now) => {
      const all = [...own, ...others.map((one) => one.requirements)];
      const desired = desiredSettings(original, own, others, now);
      expect(desired).toEqual(settingsFor(original, all));
      for (const one of all.filter(({ retentionInDays }) => retentionInDays !== undefined))
        expect(forever(desired)).toBeGreaterThanOrEqual(forever(settingsFor(original, [one])));
    }),
    { numRuns: rounds(1_000) },
  );
});

test.each<[Requirements, number | undefined, number | undefined]>([
  [{ retentionInDays: 30 }, undefined, 30],
  [{ retentionInDays: 30 }, 7, 30],
  [{ retentionInDays: 30 }, 90, 90],
  [{ retentionInDays: 30, shortenRetention: true }, 90, 30],
  [{ retentionInDays: 9999 }, 90, undefined],
  [{}, 90, 90],
])('%j of a log group with the original retention %p gives %p', (needs, original, expected) => {
  expect(settingsFor({ retentionInDays: original }, [needs]).retentionInDays).toBe(expected);
});

test('a setting that nobody required before is original as it is now, and only required ones are recorded', () => {
  const now = { retentionInDays: 90, kmsKeyArn: 'key-now' };
  const recorded = { madeBy: 'me', retentionInDays: 7, kmsKeyArn: 'key-old' };
  const original = originalFor(now, recorded, [{ kmsKeyArn: 'key-a' }]);
  expect(original).toEqual({ madeBy: 'me', retentionInDays: 90, kmsKeyArn: 'key-old' });
  expect(originalToRecord(original, [{ retentionInDays: 30 }])).toEqual({
    madeBy: 'me',
    retentionInDays: 90,
  });
  expect(originalToRecord(original, [{ masking: true }])).toEqual({ madeBy: 'me' });
  expect(originalToRecord(original, [{ statements: true }])).toBeUndefined();
});
