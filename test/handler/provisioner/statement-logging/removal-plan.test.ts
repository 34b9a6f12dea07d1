import type { Original } from '../../../../lib/handler/provisioner/statement-logging/record';
import { removalPlanFor } from '../../../../lib/handler/provisioner/statement-logging/removal-plan';
import { FAMILY, type Facts, MOD, NONE, observed, OWN } from './facts';

const DEFAULT = `default.${FAMILY}`;
const ON = { server: { exports: ['postgresql'] } };
const OTHER = [{ statements: true }] as const;
const TO_MOD = { log_statement: { before: { value: 'none' }, set: { value: 'mod' } } };
const NO_BIND_VALUES = { log_parameter_max_length: { before: {}, set: { value: '0' } } };
const CHANGED: Original = { changed: { group: 'custom', changes: { ...TO_MOD, ...NO_BIND_VALUES } } };
const BOTH_SET = { log_statement: { value: 'mod' }, log_parameter_max_length: { value: '0' } };
const NOTHING = { isRestored: false, disableExport: false, leftAlone: [], kept: {} };
const withGroup = { own: { name: OWN, original: 'custom' }, changed: { group: OWN, changes: TO_MOD } };

const plan = (facts: Facts, original: Original, originalGroup?: string) =>
  removalPlanFor(observed(facts), original, originalGroup);

test('a server on which nothing was changed stays as it is', () => {
  expect(plan({ ...ON, group: { settings: MOD } }, {})).toEqual(NOTHING);
});

test('the last owner restores each setting that it changed', () => {
  expect(plan({ group: { settings: BOTH_SET } }, CHANGED)).toEqual({
    ...NOTHING,
    revert: { group: 'custom', settings: { log_statement: { value: 'none' }, log_parameter_max_length: {} } },
  });
});

test('a setting that somebody else changed since stays, and is reported', () => {
  const settings = { log_statement: { value: 'all' }, log_parameter_max_length: { value: '0' } };
  expect(plan({ group: { settings } }, CHANGED)).toEqual({
    ...NOTHING,
    revert: { group: 'custom', settings: { log_parameter_max_length: {} } },
    leftAlone: ['log_statement in the parameter group custom, which is all now'],
  });
  const reset = { log_statement: {}, log_parameter_max_length: { value: '64' } };
  expect(plan({ group: { settings: reset } }, CHANGED)).toEqual({
    ...NOTHING,
    leftAlone: [
      'log_statement in the parameter group custom, which is the default now',
      'log_parameter_max_length in the parameter group custom, which is 64 now',
    ],
  });
});

test('a setting that has its original value already is neither restored nor reported', () => {
  expect(plan({ group: { settings: NONE } }, CHANGED)).toEqual(NOTHING);
  expect(plan({ group: { settings: {} } }, CHANGED)).toEqual(NOTHING);
});

test('a group that the server no longer has is left alone', () => {
  expect(plan({ group: { name: 'another', settings: BOTH_SET } }, CHANGED)).toEqual(NOTHING);
});

test('what another owner requires stays set and recorded', () => {
  expect(plan({ group: { settings: BOTH_SET }, others: OTHER }, CHANGED)).toEqual({
    ...NOTHING,
    revert: { group: 'custom', settings: { log_parameter_max_length: {} } },
    kept: { changed: { group: 'custom', changes: TO_MOD } },
  });
  const both = [...OTHER, { noBindValues: true }] as const;
  expect(plan({ group: { settings: BOTH_SET }, others: both }, CHANGED)).toEqual({
    ...NOTHING,
    kept: CHANGED,
  });
});

test('the original group comes back in place of that of this library, whose settings go with it', () => {
  const facts = { group: { name: OWN, settings: MOD }, ownGroupFamily: FAMILY };
  expect(plan(facts, withGroup, 'custom')).toEqual({ ...NOTHING, associate: 'custom', isRestored: true });
});

test('the default group of the family replaces an original group that does not exist any more', () => {
  const facts = { group: { name: OWN, settings: MOD }, ownGroupFamily: FAMILY };
  expect(plan(facts, withGroup)).toEqual({ ...NOTHING, associate: DEFAULT, isRestored: true });
});

test('the group of this library stays while another owner requires the statements', () => {
  const facts = { group: { name: OWN, settings: BOTH_SET }, ownGroupFamily: FAMILY, others: OTHER };
  const original = { ...withGroup, changed: { group: OWN, changes: { ...TO_MOD, ...NO_BIND_VALUES } } };
  expect(plan(facts, original, 'custom')).toEqual({
    ...NOTHING,
    revert: { group: OWN, settings: { log_parameter_max_length: {} } },
    kept: withGroup,
  });
});

test('a run after one that restored the original group has nothing to associate', () => {
  expect(plan({}, withGroup, 'custom')).toEqual({ ...NOTHING, isRestored: true });
  expect(plan({ group: { name: DEFAULT } }, withGroup)).toEqual({ ...NOTHING, isRestored: true });
});

test('a group that somebody associated since stays, and is reported', () => {
  expect(plan({ group: { name: 'another' } }, withGroup, 'custom')).toEqual({
    ...NOTHING,
    leftAlone: ['the parameter group, which is another now'],
  });
});

test('a group that was never replaced is not said to be restored', () => {
  expect(plan({ group: { name: 'custom' } }, {}, 'custom')).toEqual(NOTHING);
  expect(plan({ group: { name: 'another' } }, {}, 'custom')).toEqual(NOTHING);
});

test.each([
  ['was off, is on', { exportWasOff: true }, ['upgrade', 'postgresql'], undefined, true, {}],
  ['was off, is off again', { exportWasOff: true }, ['upgrade'], undefined, false, {}],
  ['was on', {}, ['postgresql'], undefined, false, {}],
  [
    'is required by another owner',
    { exportWasOff: true },
    ['postgresql'],
    OTHER,
    false,
    { exportWasOff: true },
  ],
])('the export that %s', (_what, original, exports, others, disableExport, kept) => {
  expect(plan({ server: { exports }, others }, original)).toEqual({ ...NOTHING, disableExport, kept });
});

test('the original settings of the log group stay recorded for the owners that require them', () => {
  const logGroup = { retentionInDays: 7, kmsKeyArn: 'key' };
  const others = [{ statements: true, kmsKeyArn: 'other key' }] as const;
  const facts = { ownedLogGroup: { original: logGroup } };
  expect(plan({ ...facts, others }, { logGroup }).kept).toEqual({ logGroup: { kmsKeyArn: 'key' } });
  expect(plan(facts, { logGroup }).kept).toEqual({});
  expect(plan({ ...facts, others }, {}).kept).toEqual({});
});
