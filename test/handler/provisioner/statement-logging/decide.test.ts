import {
  baseOf,
  contradictingTags,
  decide,
  type Decision,
  refusalOf,
  stillUsed,
} from '../../../../lib/handler/provisioner/statement-logging/decide';
import type { LoggingRecord } from '../../../../lib/handler/provisioner/statement-logging/record';
import { FAMILY, type Facts, MOD, NONE, observed, OWN, requested } from './facts';

const SHARED = { otherUsers: ['other'] };
const TO_MOD: LoggingRecord = {
  changed: {
    group: 'custom',
    changes: { log_statement: { before: { value: 'none' }, set: { value: 'mod' } } },
  },
};
const KEEP: Decision = { how: 'keep' };
const CHANGE: Decision = { how: 'change' };
const REFUSE: Decision = { how: 'refuse' };
const copy = { sharedParameterGroup: 'copy' } as const;
const modify = { sharedParameterGroup: 'modify' } as const;
const withoutBindValues = { logBindValues: false };

type Case = readonly [string, Facts, LoggingRecord, Parameters<typeof requested>[0], Decision];

test.each<Case>([
  ['a group that logs enough is kept', { group: { settings: MOD } }, {}, {}, KEEP],
  ['all logs enough', { group: { settings: { log_statement: { value: 'all' } } } }, {}, {}, KEEP],
  ['a group of the server alone is changed', {}, {}, {}, CHANGE],
  ['ddl does not log enough', { group: { settings: { log_statement: { value: 'ddl' } } } }, {}, {}, CHANGE],
  [
    'a setting without a value is the default of the engine, which logs nothing',
    { group: { settings: {} } },
    {},
    {},
    CHANGE,
  ],
  ['the recorded change of the group is still needed', { group: { settings: MOD } }, TO_MOD, {}, CHANGE],
  [
    'a recorded change of another group says nothing about this one',
    { group: { settings: MOD } },
    { changed: { ...TO_MOD.changed!, group: 'former' } },
    {},
    KEEP,
  ],
  [
    'a value that somebody set since is the original one',
    { group: { settings: { log_statement: { value: 'all' } } } },
    TO_MOD,
    {},
    KEEP,
  ],
  [
    'a default group, which AWS does not let anybody change, is replaced by a new group',
    { group: { name: `default.${FAMILY}` } },
    {},
    {},
    { how: 'own', from: 'family' },
  ],
  [
    'a default group is replaced also where a shared group would be changed',
    { group: { name: `default.${FAMILY}`, ...SHARED } },
    {},
    modify,
    { how: 'own', from: 'family' },
  ],
  ['a shared group is not changed', { group: SHARED }, {}, {}, REFUSE],
  ['a shared group of defaults is not changed', { group: { ...SHARED, settings: {} } }, {}, {}, REFUSE],
  ['a shared group that logs enough is kept', { group: { ...SHARED, settings: MOD } }, {}, {}, KEEP],
  ['MODIFY changes a shared group', { group: SHARED }, {}, modify, CHANGE],
  ['COPY replaces a shared group', { group: SHARED }, {}, copy, { how: 'own', from: 'copy' }],
  [
    'a group that another server began to use after the change stays changed',
    { group: { ...SHARED, settings: MOD } },
    TO_MOD,
    {},
    CHANGE,
  ],
  [
    'a group that another server began to use gets no further change',
    { group: { ...SHARED, settings: MOD } },
    TO_MOD,
    withoutBindValues,
    REFUSE,
  ],
  [
    'the group of this library is changed',
    { group: { name: OWN, settings: MOD, ...SHARED } },
    {},
    {},
    CHANGE,
  ],
  [
    'bind values that are to be left out of the log need a change',
    { group: { settings: MOD } },
    {},
    withoutBindValues,
    CHANGE,
  ],
  [
    'bind values that are left out already need none',
    { group: { settings: { ...MOD, log_parameter_max_length: { value: '0' } } } },
    {},
    withoutBindValues,
    KEEP,
  ],
  [
    'bind values stay out of the log while another owner requires that',
    { group: { settings: MOD }, others: [{ statements: true }, { noBindValues: true }] },
    {},
    {},
    CHANGE,
  ],
])('%s', (_rule, facts, record, request, expected) => {
  expect(decide(observed(facts), record, requested(request))).toEqual(expected);
});

test('the original settings are those of the group without the changes, but with what somebody set since', () => {
  const changes = {
    log_statement: { before: {}, set: { value: 'mod' } },
    log_parameter_max_length: { before: { value: '64' }, set: { value: '0' } },
  };
  const now = { log_statement: { value: 'mod' }, log_parameter_max_length: { value: '128' } };
  expect(baseOf(now, changes)).toEqual({ log_statement: {}, log_parameter_max_length: { value: '128' } });
  expect(baseOf(MOD, {})).toEqual(MOD);
});

const refusal = (facts: Facts, decision: Decision = CHANGE, request = requested()) =>
  refusalOf(observed(facts), decision, request)?.message;

test.each<Decision>([KEEP, CHANGE, { how: 'own', from: 'family' }, { how: 'own', from: 'copy' }])(
  'a server of Aurora PostgreSQL is not refused: %j',
  (decision) => {
    expect(refusal({}, decision)).toBeUndefined();
    expect(refusal({}, decision, requested(withoutBindValues))).toBeUndefined();
  },
);

test('an instance of RDS for PostgreSQL is not refused', () => {
  const instance = requested({ server: { kind: 'instance', identifier: 'shop' } });
  expect(refusal({ server: { engine: 'postgres' } }, CHANGE, instance)).toBeUndefined();
});

test('a kind of server that is not supported is refused with its reason', () => {
  expect(refusal({ server: { unsupported: 'serverless-v1' } })).toBe(
    'The cluster shop is Aurora Serverless v1, which is not supported. Convert it to a provisioned cluster or to Aurora Serverless v2.',
  );
});

test('a server of another engine is refused', () => {
  expect(refusal({ server: { engine: 'aurora-mysql' } })).toBe(
    'The cluster shop runs aurora-mysql; statement logging is for aurora-postgresql. Check the identifier.',
  );
  const instance = requested({ server: { kind: 'instance', identifier: 'shop' } });
  expect(refusal({ server: { engine: 'mysql' } }, CHANGE, instance)).toBe(
    'The instance shop runs mysql; statement logging is for postgres. Check the identifier.',
  );
});

test.each([
  [['one'], 'one'],
  [['one', 'two', 'three', 'four', 'five'], 'one, two, three, four, five'],
  [['one', 'two', 'three', 'four', 'five', 'six', 'seven'], 'one, two, three, four, five and 2 more'],
])('the servers that use a group too are named, at most five of them: %j', (otherUsers, named) => {
  expect(refusal({ group: { otherUsers } }, REFUSE)).toBe(
    `The parameter group custom of the cluster shop is used by ${named} too. Their statements would be logged as well, so nothing was changed. Set sharedParameterGroup to MODIFY to accept that, or to COPY to give this cluster a copy (in effect after a reboot), then deploy again.`,
  );
  expect(stillUsed(OWN, { kind: 'cluster', identifier: 'shop' }, otherUsers).message).toBe(
    `The cluster shop needs a new parameter group ${OWN}, but a group of that name exists and is used by ${named}. Give what uses it another parameter group, or delete it, then deploy again.`,
  );
});

test('leaving bind values out is refused where the family does not have the parameter', () => {
  const group = { family: 'aurora-postgresql12', settings: { log_statement: NONE.log_statement } };
  expect(refusal({ group }, CHANGE, requested(withoutBindValues))).toBe(
    'The parameter log_parameter_max_length is unknown to the family aurora-postgresql12 of the cluster shop. Leaving bind values out of the log needs PostgreSQL 13: leave logBindValues out, or upgrade the server, then deploy again.',
  );
  expect(refusal({ group })).toBeUndefined();
});

test.each([
  ['cluster', 'ModifyDBCluster'],
  ['instance', 'ModifyDBInstance'],
] as const)('tags that contradict each other are not trusted: %s', (kind, event) => {
  expect(contradictingTags({ kind, identifier: 'shop' }, { name: OWN, original: 'custom' }).message).toBe(
    `The tags of the ${kind} shop say that its parameter group was custom before ${OWN} was created for it; the tags of ${OWN}, written at the same time, say something else. One of them was changed, so neither is trusted. Find the right group in CloudTrail (${event}), give it to the ${kind} shop, then delete again.`,
  );
});
