import { markerFor, removalMarkerFor, retainedMarkerFor } from '../../../../lib/handler/sql-runner/marker';
import { planRole, roleConflict } from '../../../../lib/handler/sql-runner/plan/role';
import { LOCKED, roleLock } from '../../../../lib/handler/sql-runner/plan/role-lock';
import { planRoleRemoval } from '../../../../lib/handler/sql-runner/plan/role-removal';
import { ACCESS, OWNER } from '../../../support/requests';
import { MARKS, role } from './facts';

const DESIRED = { roleName: 'datafold', adminName: 'master', owner: OWNER, adoptExisting: false };
const NEW_MARK = { text: `COMMENT ON ROLE "datafold" IS '${markerFor(OWNER)}'` };
const UNMARKED = role({ comment: null });

test('a role that is not there is made with a login and marked', () => {
  expect(planRole({ ...DESIRED, verifier: `SCRAM'1` }, undefined)).toEqual([
    { text: `CREATE ROLE "datafold" LOGIN PASSWORD 'SCRAM''1'` },
    NEW_MARK,
  ]);
  expect(planRole(DESIRED, undefined)).toEqual([{ text: 'CREATE ROLE "datafold" LOGIN' }, NEW_MARK]);
});

test('a role that is as wanted is left alone, and one with another password gets that alone', () => {
  expect(planRole(DESIRED, role())).toEqual([]);
  expect(planRole({ ...DESIRED, verifier: 'v' }, role())).toEqual([
    { text: `ALTER ROLE "datafold" PASSWORD 'v'` },
  ]);
});

test('a role of a previous deployment gets the mark of this one', () => {
  expect(planRole(DESIRED, role({ comment: MARKS.previous }))).toEqual([NEW_MARK]);
});

test('a role whose removal had begun, or that a removal had to keep, may log in again', () => {
  for (const comment of [removalMarkerFor(OWNER), retainedMarkerFor(OWNER)]) {
    expect(planRole(DESIRED, role({ canLogin: false, comment }))).toEqual([
      { text: 'ALTER ROLE "datafold" LOGIN' },
      NEW_MARK,
    ]);
    expect(planRole(DESIRED, role({ comment }))).toEqual([NEW_MARK]);
  }
});

test('a role that a person has locked does not get its login back, nor one that another stack removes', () => {
  expect(planRole(DESIRED, role({ canLogin: false }))).toEqual([]);
  const comment = removalMarkerFor({ ...OWNER, key: 'k2' });
  expect(planRole(DESIRED, role({ canLogin: false, comment }))).toEqual([]);
});

test.each([
  ['none', undefined, undefined],
  ['ours', role(), undefined],
  ['that of a previous deployment', role({ comment: MARKS.previous }), undefined],
  [
    'a superuser',
    role({ isSuperuser: true }),
    'The role "datafold" is a superuser. Choose another role name.',
  ],
  [
    'an unmarked one',
    UNMARKED,
    'The role "datafold" already exists and this stack did not make it. Choose another role name, or set adoptExisting to use it as it is.',
  ],
  [
    `another stack's`,
    role({ comment: MARKS.anothers }),
    'The role "datafold" already exists and stack "Reports" made it. Choose another role name, or set adoptExisting to use it as it is.',
  ],
  [
    'one with a mark that is not believed',
    role({ comment: null, falseMarkOf: '"eve"' }),
    'The role "datafold" already exists and was made by "eve", who is not the administrator: its comment, which names a stack, is not believed. Choose another role name, or set adoptExisting to use it as it is.',
  ],
])('the role that is there, %s, may be used or not', (_which, found, conflict) => {
  expect(roleConflict(DESIRED, found)).toBe(conflict);
});

test('a role of somebody else may be adopted; the admin itself and a superuser may not', () => {
  const adopting = { ...DESIRED, adoptExisting: true };
  expect(roleConflict(adopting, UNMARKED)).toBeUndefined();
  expect(roleConflict(adopting, role({ isSuperuser: true }))).toContain('is a superuser');
  expect(roleConflict({ ...adopting, roleName: 'master' }, UNMARKED)).toBe(
    'The role "master" is the admin itself. Choose another role name.',
  );
});

test.each([
  ['none', undefined, false, undefined],
  ['ours', role(), true, undefined],
  ['a superuser', role({ isSuperuser: true }), false, 'it is a superuser.'],
  ['an unmarked one', UNMARKED, false, 'this stack did not make it.'],
  ['that of a newer deployment', role({ comment: MARKS.previous }), false, 'a newer deployment uses it.'],
  [`another stack's`, role({ comment: MARKS.anothers }), false, 'stack "Reports" made it.'],
  [
    'one with a mark that is not believed',
    role({ comment: null, falseMarkOf: '"eve"' }),
    false,
    'it was made by "eve", who is not the administrator, so its comment is not believed.',
  ],
])('the role that is there, %s, is removed or kept', (_which, found, remove, why) => {
  const notice = why && `Role "datafold" is kept: ${why}`;
  expect(planRoleRemoval(ACCESS, OWNER, found)).toEqual({ remove, ...(notice && { notice }) });
});

test('a role that was adopted keeps its privileges', () => {
  expect(planRoleRemoval({ ...ACCESS, adoptExisting: true }, OWNER, UNMARKED)).toEqual({
    remove: false,
    notice: 'Role "datafold" is kept: it was there before. It keeps its privileges.',
  });
});

describe('a lock', () => {
  const locked = (how: string, statement: string) =>
    `The role "datafold" is locked: ${how}. No run of this library did that, so none undoes it. To let Datafold in again, run: ${statement} Then repeat what failed.`;
  const NO_LOGIN = locked('it may not log in (NOLOGIN)', 'ALTER ROLE "datafold" LOGIN;');
  const FOREIGN = locked(
    'it has no password, or one that somebody else has set, and not that of the secret',
    '\\password "datafold" (in psql; type the password that the secret holds).',
  );

  test('is known by a login that is missing, a password that has expired, or one that somebody else has set', () => {
    expect(LOCKED).toBe('LOCKED');
    expect(roleLock('datafold', role({ canLogin: false }), 'fits')).toBe(NO_LOGIN);
    expect(roleLock('datafold', role({ isExpired: true }), 'fits')).toBe(
      locked('its password has expired (VALID UNTIL)', `ALTER ROLE "datafold" VALID UNTIL 'infinity';`),
    );
    expect(roleLock('datafold', role(), 'foreign')).toBe(FOREIGN);
  });

  test('is not a password that this library has set, nor that of a role that is adopted', () => {
    for (const password of ['fits', 'other'] as const)
      expect(roleLock('datafold', role(), password)).toBeUndefined();
    expect(roleLock('datafold', UNMARKED, 'foreign')).toBeUndefined();
    expect(roleLock('datafold', UNMARKED, 'foreign', { keepForeignPassword: true })).toBe(FOREIGN);
  });

  test("is not what a removal has done, unless it was another stack's", () => {
    const comment = removalMarkerFor(OWNER);
    expect(roleLock('datafold', role({ canLogin: false, comment }), 'fits')).toBeUndefined();
    expect(
      roleLock('datafold', role({ canLogin: false, comment }), 'fits', { owner: OWNER }),
    ).toBeUndefined();
    expect(
      roleLock('datafold', role({ canLogin: false, comment }), 'fits', { owner: { ...OWNER, key: 'k2' } }),
    ).toBe(NO_LOGIN);
  });
});
