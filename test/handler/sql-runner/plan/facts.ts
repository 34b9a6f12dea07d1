import type { Grant } from '../../../../lib/handler/sql-runner/catalog/grants';
import type { RoleFacts } from '../../../../lib/handler/sql-runner/catalog/role';
import type { SchemaFacts } from '../../../../lib/handler/sql-runner/catalog/schemas';
import { markerFor } from '../../../../lib/handler/sql-runner/marker';
import { entryOf, newRecord, withOwner } from '../../../../lib/handler/sql-runner/role-record';
import { ACCESS, OWNER } from '../../../support/requests';

export const AMY = 11;
export const BEN = 12;
export const nameOf = (role: number) => (role === AMY ? 'amy' : 'ben');

/** Marks that a run may find. */
export const MARKS = {
  ours: markerFor(OWNER),
  previous: markerFor({ ...OWNER, id: 'id0' }),
  anothers: markerFor({ ...OWNER, key: 'k2', stackName: 'Reports' }),
};

/** The record in the comment of a role that a run created. */
export const RECORD = { ...withOwner(newRecord(OWNER, false), entryOf(OWNER, ACCESS)), password: OWNER.key };
const OTHER = { ...OWNER, key: 'k2', stackName: 'Reports' };
export const RECORDS = {
  previous: withOwner(newRecord(OWNER, false), entryOf({ ...OWNER, id: 'id0' }, ACCESS)),
  anothers: withOwner(newRecord(OTHER, false), entryOf(OTHER, ACCESS)),
};

export const role = (facts: Partial<RoleFacts> = {}): RoleFacts => ({
  oid: 1,
  canLogin: true,
  isExpired: false,
  isSuperuser: false,
  record: RECORD,
  recordLength: null,
  mayComment: true,
  falseMarkOf: null,
  connectionLimit: -1,
  originalConnectionLimit: null,
  statementTimeouts: [],
  ...facts,
});

export const schema = (name: string, facts: Partial<SchemaFacts> = {}): SchemaFacts => ({
  oid: Number(/\d+/.exec(name)?.[0] ?? 0) + 100,
  name,
  owner: AMY,
  ownerName: 'amy',
  usage: false,
  create: false,
  adminUsage: true,
  internal: false,
  isSystem: false,
  isLegible: true,
  comment: null,
  falseMarkOf: null,
  ...facts,
});

/** A grant on a table by its owner Amy, with changes. */
export const grant = (name: string, facts: Partial<Grant> = {}): Grant => ({
  kind: 'relation',
  oid: 1,
  schema: 'shop',
  name,
  grantor: AMY,
  grantorName: 'amy',
  owner: AMY,
  privileges: 'SELECT',
  objectType: null,
  ...facts,
});
