import type { CoOwner, Requirements } from '../../../../lib/handler/provisioner/log-group/requirements';
import {
  confirmedSettings,
  desiredSettings,
  knownSettings,
  logClassProblem,
  originalFor,
  originalToRecord,
  settingsAfter,
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

test('the first required key is set, and the original one if none is required', () => {
  const original = { kmsKeyArn: 'key-old' };
  expect(settingsFor(original, [{}, { kmsKeyArn: 'key-a' }, { kmsKeyArn: 'key-b' }]).kmsKeyArn).toBe('key-a');
  expect(settingsFor(original, [{ retentionInDays: 30 }]).kmsKeyArn).toBe('key-old');
});

test('the longest of the required retentions counts', () => {
  const retention = (...days: number[]) =>
    settingsFor({}, [{}, ...days.map((retentionInDays) => ({ retentionInDays }))]).retentionInDays;
  expect(retention(30, 90, 7)).toBe(90);
  expect(retention(30, 9999)).toBeUndefined();
});

test('an unconfirmed entry that would shorten the retention keeps the longer of what is set and what is required', () => {
  const unconfirmed = [
    { requirements: { retentionInDays: 1, shortenRetention: true }, isConfirmed: false },
  ] as const;
  const days = (now: number | undefined, own: Requirements[] = []) =>
    desiredSettings({ retentionInDays: 90 }, own, unconfirmed, { retentionInDays: now }).retentionInDays;
  expect([days(30), days(90), days(365), days(undefined)]).toEqual([90, 90, 365, undefined]);
});

test('only what an owner requires is recorded, whichever owner requires it', () => {
  const original = { madeBy: 'me', retentionInDays: 7, kmsKeyArn: 'key-old' };
  const recorded = originalToRecord(original, [{ statements: true }, { kmsKeyArn: 'key-a' }]);
  expect(recorded).toEqual({ madeBy: 'me', kmsKeyArn: 'key-old' });
});

test('the original settings of a log group that existed have no creator', () => {
  const now = { retentionInDays: 90, kmsKeyArn: 'key-now' };
  const recorded = { retentionInDays: 7, kmsKeyArn: 'key-old' };
  expect(originalFor(now, recorded, [{ retentionInDays: 30 }])).toStrictEqual({
    retentionInDays: 7,
    kmsKeyArn: 'key-now',
  });
});

describe('after a removal', () => {
  const other = (requirements: Requirements): CoOwner[] => [{ requirements, isConfirmed: true }];
  const now = { retentionInDays: 30, kmsKeyArn: 'key-a' };

  test('a log group that existed gets its original settings back', () => {
    const original = { retentionInDays: 7, kmsKeyArn: 'key-old' };
    expect(settingsAfter(original, [], now)).toEqual(original);
    expect(settingsAfter({}, [], now)).toEqual({});
  });

  test('a log group that was created keeps its retention, so that its events still expire', () => {
    expect(settingsAfter({ madeBy: 'me' }, [], now)).toEqual({ retentionInDays: 30 });
  });

  test('a log group that was created has the retention that another owner requires', () => {
    expect(settingsAfter({ madeBy: 'me' }, other({ retentionInDays: 90 }), now)).toEqual({
      retentionInDays: 90,
    });
    expect(settingsAfter({ madeBy: 'me' }, other({ kmsKeyArn: 'key-b' }), now)).toEqual({
      retentionInDays: 30,
      kmsKeyArn: 'key-b',
    });
  });
});

test('the values that owners may have set are those with and without each former request of this owner', () => {
  const others = [{ requirements: { kmsKeyArn: 'key-b' }, isConfirmed: false }];
  const own = [{ retentionInDays: 30 }, { retentionInDays: 90, kmsKeyArn: 'key-a' }];
  expect(knownSettings({ retentionInDays: 7 }, own, others)).toEqual([
    { retentionInDays: 7, kmsKeyArn: 'key-b' },
    { retentionInDays: 30, kmsKeyArn: 'key-b' },
    { retentionInDays: 90, kmsKeyArn: 'key-a' },
  ]);
});

describe('what a tag says of the original settings', () => {
  const doubt = (what: string) =>
    `A tag says that the log group /log had ${what} before, but nothing else confirms that: it is not restored.`;
  const confirmed = (
    recorded: Parameters<typeof confirmedSettings>[0],
    evidence: Parameters<typeof confirmedSettings>[1],
    now: Parameters<typeof confirmedSettings>[2],
  ) => {
    const doubts: string[] = [];
    return [confirmedSettings(recorded, evidence, now, '/log', doubts), doubts];
  };

  test('is restored where the evidence says the same', () => {
    const recorded = { retentionInDays: 7, kmsKeyArn: 'key-old' };
    expect(confirmed(recorded, recorded, { retentionInDays: 30, kmsKeyArn: 'key-a' })).toEqual([
      recorded,
      [],
    ]);
  });

  test('is nothing to restore where it is set', () => {
    const recorded = { retentionInDays: 7, kmsKeyArn: 'key-old' };
    expect(confirmed(recorded, undefined, recorded)).toEqual([recorded, []]);
  });

  test('needs no evidence where it deletes no event and sets no key', () => {
    const now = { retentionInDays: 30, kmsKeyArn: 'key-a' };
    expect(confirmed({ retentionInDays: 31 }, undefined, now)).toEqual([{ retentionInDays: 31 }, []]);
    expect(confirmed({}, undefined, now)).toEqual([{}, []]);
  });

  test('is not believed where it would delete events or set a key', () => {
    const now = { retentionInDays: 30 };
    expect(confirmed({ retentionInDays: 7 }, undefined, now)).toEqual([
      now,
      [doubt('a retention of 7 days')],
    ]);
    expect(confirmed({ kmsKeyArn: 'key-x' }, {}, {})).toEqual([{}, [doubt('the key key-x')]]);
    expect(confirmed({ retentionInDays: 7 }, undefined, {})).toEqual([{}, [doubt('a retention of 7 days')]]);
  });

  test('gives way to evidence that deletes no event and sets no key', () => {
    const now = { retentionInDays: 30, kmsKeyArn: 'key-a' };
    const evidence = { retentionInDays: 90 };
    expect(confirmed({ retentionInDays: 7, kmsKeyArn: 'key-x' }, evidence, now)).toEqual([
      { retentionInDays: 90 },
      [doubt('a retention of 7 days'), doubt('the key key-x')],
    ]);
    expect(confirmed({ retentionInDays: 7 }, { retentionInDays: 14 }, now)[0]).toEqual({
      retentionInDays: 30,
    });
  });
});

test.each([undefined, 'STANDARD'])('Datafold can read a log group of the class %s', (logGroupClass) => {
  expect(logClassProblem('/log', logGroupClass)).toBeUndefined();
});

test('Datafold finds nothing in a log group of another class', () => {
  const what =
    'log group /log has the class INFREQUENT_ACCESS, in which Datafold finds nothing: FilterLogEvents works only in the class STANDARD';
  expect(logClassProblem('/log', 'INFREQUENT_ACCESS')).toEqual({
    what: `the ${what}`,
    sentence: `The ${what}.`,
    next: 'AWS does not allow changing the class. Export what you still need of the log group (Logs Insights reads it), then: aws logs delete-log-group --log-group-name /log && aws logs create-log-group --log-group-name /log. RDS continues to write there.',
  });
});
