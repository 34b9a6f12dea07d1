import {
  planFor,
  recordMeanwhile,
  type Plan,
} from '../../../../lib/handler/provisioner/statement-logging/plan';
import type { LoggingRecord } from '../../../../lib/handler/provisioner/statement-logging/record';
import { FAMILY, type Facts, MOD, NONE, observed, OWN, requested } from './facts';

const STATEMENTS = { statements: true } as const;
const TO_MOD = { log_statement: { before: { value: 'none' }, set: { value: 'mod' } } };
const NO_BIND_VALUES = { log_parameter_max_length: { before: {}, set: { value: '0' } } };
const ON = { server: { exports: ['postgresql'] } };
const withoutBindValues = requested({ logBindValues: false });
const copy = requested({ sharedParameterGroup: 'copy' });

/** The plan without its steps that do nothing. */
function plan(facts: Facts, record: LoggingRecord = {}, request = requested()): Partial<Plan> {
  return JSON.parse(JSON.stringify(planFor(observed(facts), record, request))) as Partial<Plan>;
}

test('a group that logs enough stays as it is; the export is turned on and recorded', () => {
  expect(plan({ group: { settings: MOD } })).toEqual({
    dropOwn: false,
    enableExport: true,
    record: { requirements: STATEMENTS, exportWasOff: true },
  });
});

test('an export that is on is neither turned on nor recorded as off', () => {
  const upgrades = { server: { exports: ['upgrade', 'postgresql'] } };
  const expected = { dropOwn: false, enableExport: false, record: { requirements: STATEMENTS } };
  expect(plan({ group: { settings: MOD }, ...upgrades })).toEqual(expected);
});

test('an export that this library turned on stays recorded', () => {
  expect(plan({ group: { settings: MOD }, ...ON }, { exportWasOff: true })).toMatchObject({
    enableExport: false,
    record: { exportWasOff: true },
  });
});

test('the export of another log is not that of the statement log', () => {
  expect(plan({ server: { exports: ['upgrade'] } })).toMatchObject({ enableExport: true });
});

test('a group of the server alone is changed in place, with its previous values recorded', () => {
  expect(plan(ON)).toEqual({
    dropOwn: false,
    enableExport: false,
    record: { requirements: STATEMENTS, changed: { group: 'custom', changes: TO_MOD } },
    set: { group: 'custom', settings: { log_statement: { value: 'mod' } } },
  });
});

test('bind values are left out in the same change', () => {
  expect(plan(ON, {}, withoutBindValues)).toEqual({
    dropOwn: false,
    enableExport: false,
    record: {
      requirements: { statements: true, noBindValues: true },
      changed: { group: 'custom', changes: { ...TO_MOD, ...NO_BIND_VALUES } },
    },
    set: {
      group: 'custom',
      settings: { log_statement: { value: 'mod' }, log_parameter_max_length: { value: '0' } },
    },
  });
});

test('what is set already is recorded still, and not set again', () => {
  const record = { changed: { group: 'custom', changes: TO_MOD } };
  expect(plan({ ...ON, group: { settings: MOD } }, record)).toEqual({
    dropOwn: false,
    enableExport: false,
    record: { requirements: STATEMENTS, changed: { group: 'custom', changes: TO_MOD } },
  });
});

test('bind values that no owner leaves out any more are logged as before', () => {
  const record = { changed: { group: 'custom', changes: { ...TO_MOD, ...NO_BIND_VALUES } } };
  const settings = { ...MOD, log_parameter_max_length: { value: '0' } };
  expect(plan({ ...ON, group: { settings } }, record)).toEqual({
    dropOwn: false,
    enableExport: false,
    record: { requirements: STATEMENTS, changed: { group: 'custom', changes: TO_MOD } },
    set: { group: 'custom', settings: { log_parameter_max_length: {} } },
  });
});

test('a default group is replaced by a group of its family', () => {
  const name = `default.${FAMILY}`;
  expect(plan({ ...ON, group: { name } })).toEqual({
    dropOwn: false,
    makeOwn: { family: FAMILY },
    associate: OWN,
    enableExport: false,
    record: {
      requirements: STATEMENTS,
      own: { name: OWN, original: name },
      changed: { group: OWN, changes: { log_statement: { before: {}, set: { value: 'mod' } } } },
    },
    set: { group: OWN, settings: { log_statement: { value: 'mod' } } },
  });
});

test('the copy of a shared group has its original settings; a change of that group is reverted first', () => {
  const group = { otherUsers: ['other'], settings: { ...MOD, log_parameter_max_length: { value: '64' } } };
  const expected = {
    dropOwn: false,
    makeOwn: { copyOf: 'custom' },
    associate: OWN,
    enableExport: false,
    record: {
      requirements: STATEMENTS,
      own: { name: OWN, original: 'custom' },
      changed: { group: OWN, changes: TO_MOD },
    },
    set: { group: OWN, settings: { log_statement: { value: 'mod' } } },
  };
  expect(plan({ ...ON, group: { ...group, settings: NONE } }, {}, copy)).toEqual(expected);
  const record = { changed: { group: 'custom', changes: TO_MOD } };
  expect(plan({ ...ON, group }, record, copy)).toEqual({
    ...expected,
    revert: { group: 'custom', settings: { log_statement: { value: 'none' } } },
  });
});

test('a change that somebody else took back already is not reverted before the group is replaced', () => {
  const record = { changed: { group: 'custom', changes: TO_MOD } };
  const planned = plan({ ...ON, group: { otherUsers: ['other'] } }, record, copy);
  expect(planned).not.toHaveProperty('revert');
  expect(planned).toMatchObject({ associate: OWN });
});

test('the group of this library keeps its place in the record, and gets what is missing', () => {
  const own = { name: OWN, original: `default.${FAMILY}` };
  const changed = { group: OWN, changes: { log_statement: { before: {}, set: { value: 'mod' } } } };
  const group = { name: OWN, settings: { log_statement: {}, log_parameter_max_length: {} } };
  const expected = {
    dropOwn: false,
    enableExport: false,
    record: { requirements: STATEMENTS, own, changed },
    set: { group: OWN, settings: { log_statement: { value: 'mod' } } },
  };
  expect(plan({ ...ON, group, ownGroupFamily: FAMILY }, { own, changed })).toEqual(expected);
});

test('a group of this library that is not associated is dropped', () => {
  const facts = { ...ON, group: { settings: MOD }, ownGroupFamily: FAMILY };
  const record = { own: { name: OWN, original: 'former' } };
  expect(plan(facts, record)).toEqual({
    dropOwn: true,
    enableExport: false,
    record: { requirements: STATEMENTS },
  });
});

test('a server that is refused has no plan', () => {
  expect(() => plan({ server: { engine: 'aurora-mysql' } })).toThrow(
    'The cluster shop runs aurora-mysql; statement logging is for aurora-postgresql. Check the identifier.',
  );
});

test('what an owner requires of the log group is recorded with the original settings, for all owners', () => {
  const log = { ...requested().log, logRetention: 30 };
  const ownedLogGroup = { original: { retentionInDays: 7, kmsKeyArn: 'key' } };
  const facts = { ...ON, group: { settings: MOD }, ownedLogGroup };
  expect(plan(facts, {}, requested({ log })).record).toEqual({
    requirements: { statements: true, retentionInDays: 30 },
    logGroup: { retentionInDays: 7 },
  });
  const others = [{ statements: true, kmsKeyArn: 'other key' }] as const;
  expect(plan({ ...facts, others }, {}, requested({ log })).record).toMatchObject({
    logGroup: { retentionInDays: 7, kmsKeyArn: 'key' },
  });
});

describe('the record while a plan is carried out', () => {
  const meanwhile = (facts: Facts, record: LoggingRecord, request = requested()) => {
    const found = observed(facts);
    return recordMeanwhile(found, record, planFor(found, record, request));
  };

  test('has what was required before and what will be', () => {
    const requirements = { statements: true, noBindValues: true } as const;
    expect(meanwhile({ ...ON, group: { settings: MOD } }, { requirements }).requirements).toEqual(
      requirements,
    );
  });

  test('has the original settings of the log group that the previous requirements concern', () => {
    const requirements = { statements: true, kmsKeyArn: 'ours' } as const;
    const ownedLogGroup = { original: { kmsKeyArn: 'key' } };
    const facts = { ...ON, group: { settings: MOD }, ownedLogGroup };
    expect(meanwhile(facts, { requirements }).logGroup).toEqual({ kmsKeyArn: 'key' });
  });

  test('has the changes that the plan takes back', () => {
    const changed = { group: 'custom', changes: { ...TO_MOD, ...NO_BIND_VALUES } };
    const settings = { ...MOD, log_parameter_max_length: { value: '0' } };
    expect(meanwhile({ ...ON, group: { settings } }, { changed }).changed).toEqual(changed);
    // Nothing needs to differ any more: the plan records no change.
    const all = { log_statement: { value: 'all' }, log_parameter_max_length: { value: '0' } };
    expect(meanwhile({ ...ON, group: { settings: all } }, { changed }).changed).toEqual(changed);
  });

  test('has only the changes of the group that the server gets', () => {
    const record = { changed: { group: 'custom', changes: NO_BIND_VALUES } };
    const planned = { group: OWN, changes: TO_MOD };
    expect(meanwhile({ ...ON, group: { otherUsers: ['other'] } }, record, copy).changed).toEqual(planned);
  });

  test('has no changes of a former group', () => {
    const record = { changed: { group: 'former', changes: TO_MOD } };
    expect(meanwhile({ ...ON, group: { settings: MOD } }, record)).not.toHaveProperty('changed');
  });
});
