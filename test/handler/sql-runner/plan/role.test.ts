import { planRole, roleConflict } from '../../../../lib/handler/sql-runner/plan/role';
import { planPassword, roleLock } from '../../../../lib/handler/sql-runner/plan/role-lock';
import { planRoleRemoval } from '../../../../lib/handler/sql-runner/plan/role-removal';
import { entryOf, roleComment, withOwner } from '../../../../lib/handler/sql-runner/role-record';
import { ACCESS, OWNER } from '../../../support/requests';
import { RECORD, RECORDS, role } from './facts';
import { LOCKED } from '../../../../lib/handler/sql-runner/sqlstates';

const DESIRED = { access: ACCESS, adminName: 'master', owner: OWNER };
const NEW_RECORD = { text: `COMMENT ON ROLE "datafold" IS '${roleComment(RECORD)}'` };
const UNMARKED = role({ record: undefined });
const SECOND = { ...OWNER, key: 'k2', stackName: 'Reports' };
const SHARED = withOwner(RECORD, entryOf(SECOND, ACCESS));

test('a role that does not exist is created with LOGIN and its record', () => {
  expect(planRole({ ...DESIRED, verifier: `SCRAM'1`, takesPassword: true }, undefined)).toEqual([
    { text: `CREATE ROLE "datafold" LOGIN PASSWORD 'SCRAM''1'` },
    NEW_RECORD,
  ]);
  const access = { ...ACCESS, connectionLimit: 5 };
  expect(planRole({ ...DESIRED, access, takesPassword: true }, undefined)).toEqual([
    { text: 'CREATE ROLE "datafold" LOGIN CONNECTION LIMIT 5' },
    { text: expect.stringContaining('"owners":[{"connectionLimit":5,"key":"k1",') as string },
  ]);
});

test('a role in the desired state is not changed, and another password is the only change', () => {
  expect(planRole(DESIRED, role())).toEqual([]);
  expect(planRole({ ...DESIRED, verifier: 'v', takesPassword: true }, role())).toEqual([
    { text: `ALTER ROLE "datafold" PASSWORD 'v'` },
  ]);
});

test('a role of a previous generation gets the entry of this one', () => {
  const { password: _, ...record } = RECORD;
  expect(planRole(DESIRED, role({ record: RECORDS.previous }))).toEqual([
    { text: `COMMENT ON ROLE "datafold" IS '${roleComment(record)}'` },
  ]);
});

test('a role of another stack gets an additional entry', () => {
  expect(planRole({ ...DESIRED, owner: SECOND }, role())).toEqual([
    { text: `COMMENT ON ROLE "datafold" IS '${roleComment(SHARED)}'` },
  ]);
  expect(roleComment(SHARED)).toBe(
    'Made by cdk-datafold-postgres for stack "Analytics" and stack "Reports". Deleted with the last stack; do not change this comment. ' +
      '[cdk-datafold-postgres {"origin":"k1","password":"k1","owners":[' +
      '{"key":"k1","id":"id1","stackName":"Analytics","tempSchema":"datafold_tmp","futureTables":true,"databases":[{"databaseName":"app"}]},' +
      '{"key":"k2","id":"id1","stackName":"Reports","tempSchema":"datafold_tmp","futureTables":true,"databases":[{"databaseName":"app"}]}]}]',
  );
});

test('a role whose removal began, or that a removal kept, gets LOGIN again', () => {
  for (const state of ['being-removed', 'retained'] as const) {
    const record = { ...RECORD, state };
    expect(planRole(DESIRED, role({ canLogin: false, record }))).toEqual([
      { text: 'ALTER ROLE "datafold" LOGIN' },
      NEW_RECORD,
    ]);
    expect(planRole(DESIRED, role({ record }))).toEqual([NEW_RECORD]);
  }
});

test('a role that an administrator locked is not unlocked', () => {
  expect(planRole(DESIRED, role({ canLogin: false }))).toEqual([]);
});

test('an existing role keeps its comment, and gets a record at the end', () => {
  const [{ text }] = planRole(DESIRED, UNMARKED);
  expect(text).toContain("coalesce(was, '''') || ");
  expect(text).toContain('"adopted":true');
  expect(planRole(DESIRED, { ...UNMARKED, mayComment: false })).toEqual([]);
});

test.each([
  ['none', undefined, undefined],
  ['ours', role(), undefined],
  ['that of a previous deployment', role({ record: RECORDS.previous }), undefined],
  [
    'a superuser',
    role({ isSuperuser: true }),
    'The role "datafold" is a superuser. Choose another role name.',
  ],
  [
    'an unmarked one',
    UNMARKED,
    'The role "datafold" already exists, and this stack did not create it. Choose another role name, or set adoptExisting to use it, with its password in passwordSecret.',
  ],
  [
    `another stack's`,
    role({ record: RECORDS.anothers }),
    'The role "datafold" already exists, and stack "Reports" created it. Choose another role name, or set adoptExisting. To share the role, also set passwordSecret to the secret with its password. Without passwordSecret, this resource takes over the role: the role gets the password of this stack, and clients with the password of stack "Reports" need the new one.',
  ],
  [
    'a role with an untrusted mark',
    role({ record: undefined, falseMarkOf: '"eve"' }),
    'The role "datafold" already exists. "eve" created it and is not the administrator, so its comment, which names a stack, is not trusted. Choose another role name, or set adoptExisting to use it.',
  ],
])('the role that is there, %s, may be used or not', (_which, found, conflict) => {
  expect(roleConflict(DESIRED, found)).toBe(conflict);
});

test('a role of another owner may be adopted; the administrator itself and a superuser may not', () => {
  const adopting = { ...DESIRED, access: { ...ACCESS, adoptExisting: true } };
  expect(roleConflict(adopting, UNMARKED)).toBeUndefined();
  expect(roleConflict(adopting, role({ isSuperuser: true }))).toContain('is a superuser');
  expect(roleConflict({ ...adopting, access: { ...adopting.access, roleName: 'master' } }, UNMARKED)).toBe(
    'The role "master" is the administrator itself. Choose another role name.',
  );
});

test.each([
  ['none', undefined, 'ignore', undefined],
  ['ours', role(), 'drop', undefined],
  ['a superuser', role({ isSuperuser: true }), 'ignore', 'it is a superuser.'],
  ['an unmarked one', UNMARKED, 'ignore', 'this stack did not create it.'],
  ['that of a newer deployment', role({ record: RECORDS.previous }), 'keep', 'a newer deployment uses it.'],
  [`another stack's`, role({ record: RECORDS.anothers }), 'ignore', 'stack "Reports" created it.'],
  ['one that another stack needs, too', role({ record: SHARED }), 'keep', 'stack "Reports" needs it.'],
  [
    'one that was there before',
    role({ record: { ...RECORD, adopted: true } }),
    'restore',
    'it existed before this library. It keeps its privileges.',
  ],
  [
    'a role with an untrusted mark',
    role({ record: undefined, falseMarkOf: '"eve"' }),
    'ignore',
    '"eve" created it and is not the administrator, so its comment is not trusted.',
  ],
])('the role that is there, %s, is removed or kept', (_which, found, disposition, why) => {
  const plan = planRoleRemoval(ACCESS, OWNER, found);
  expect(plan.disposition).toBe(disposition);
  expect(plan.notice).toBe(why && `Role "datafold" is kept: ${why}`);
});

test('a role that was adopted without a record keeps its privileges', () => {
  expect(planRoleRemoval({ ...ACCESS, adoptExisting: true }, OWNER, UNMARKED)).toEqual({
    disposition: 'restore',
    remaining: [],
    notice: 'Role "datafold" is kept: it existed before this library. It keeps its privileges.',
  });
});

describe('the password of an existing role', () => {
  const planned = (found: ReturnType<typeof role>, access = {}, owner = OWNER) =>
    planPassword({ ...ACCESS, ...access }, found, 'other', owner);

  test('is set if only this stack, or no stack any longer, owns the role', () => {
    expect(planned(role())).toEqual({ action: 'set' });
    const state = 'retained' as const;
    expect(planned(role({ record: { ...RECORD, state } }), {}, SECOND)).toEqual({ action: 'set' });
  });

  test('is replaced last if this resource takes over the role, also after an interruption', () => {
    expect(planned(role(), {}, SECOND)).toEqual({ action: 'set-last' });
    expect(planned(role({ record: { ...SHARED, password: 'k2' } }), {}, SECOND)).toEqual({
      action: 'set-last',
    });
  });

  test.each([
    ['is given', role(), { passwordIsGiven: true as const }, SECOND],
    ['is that of the other owner', role({ record: { ...SHARED, password: 'k2' } }), {}, OWNER],
    ['would be replaced by schedule', role(), { keepForeignPassword: true as const }, SECOND],
    ['was there before', UNMARKED, {}, OWNER],
    ['was there before, adopted already', role({ record: { ...RECORD, adopted: true } }), {}, OWNER],
  ])('is kept where it %s', (_why, found, access, owner) => {
    const { action, obstacle } = planned(found, access, owner);
    expect(action).toBe('keep');
    expect(obstacle).toContain('The password is not replaced');
  });
});

describe('a lock', () => {
  const locked = (how: string, statement: string) =>
    `The role "datafold" is locked: ${how}. This library did not lock the role, so it does not unlock it. To unlock the role, run: ${statement} Then repeat the failed operation.`;
  const NO_LOGIN = locked('it may not log in (NOLOGIN)', 'ALTER ROLE "datafold" LOGIN;');
  const FOREIGN = locked(
    'it has no password, or one that another role set, not the one in the secret',
    '\\password "datafold" (in psql; enter the password from the secret).',
  );

  test('is recognized by NOLOGIN, an expired password, or a password that another role set', () => {
    expect(LOCKED).toBe('LOCKED');
    expect(roleLock('datafold', role({ canLogin: false }), 'fits')).toBe(NO_LOGIN);
    expect(roleLock('datafold', role({ isExpired: true }), 'fits')).toBe(
      locked('its password has expired (VALID UNTIL)', `ALTER ROLE "datafold" VALID UNTIL 'infinity';`),
    );
    expect(roleLock('datafold', role(), 'foreign')).toBe(FOREIGN);
  });

  test('is neither a password that this library set nor the password of an adopted role', () => {
    for (const password of ['fits', 'other'] as const)
      expect(roleLock('datafold', role(), password)).toBeUndefined();
    expect(roleLock('datafold', UNMARKED, 'foreign')).toBeUndefined();
    expect(roleLock('datafold', UNMARKED, 'foreign', { keepForeignPassword: true })).toBe(FOREIGN);
  });

  test('is not the state after a removal by any owner', () => {
    const record = { ...RECORD, state: 'being-removed' as const };
    for (const owner of [undefined, OWNER, SECOND])
      expect(roleLock('datafold', role({ canLogin: false, record }), 'fits', { owner })).toBeUndefined();
  });
});
