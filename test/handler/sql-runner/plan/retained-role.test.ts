import { planRetainedRole, retainedNotice } from '../../../../lib/handler/sql-runner/plan/retained-role';
import { roleComment } from '../../../../lib/handler/sql-runner/role-record';
import { AMY, RECORD } from './facts';

const RIGHTS = {
  attributes: ['LOGIN', 'CREATEDB'],
  memberships: [{ role: 'cleo', member: 'datafold', grantor: AMY, grantorName: 'amy' }],
  settings: [null, 'app'],
};
const REST = [
  { text: 'ALTER ROLE "datafold" NOCREATEDB', isOptional: true },
  {
    text: 'REVOKE "cleo" FROM "datafold" GRANTED BY "amy" CASCADE',
    isOptional: true,
    actAs: AMY,
  },
  { text: 'ALTER ROLE "datafold" RESET ALL', isOptional: true },
  { text: 'ALTER ROLE "datafold" IN DATABASE "app" RESET ALL', isOptional: true },
];

test('a kept role loses login, password, attributes, memberships and settings, and is marked last', () => {
  expect(planRetainedRole('datafold', RECORD, RIGHTS, { isMarked: false, versionNum: 160000 })).toStrictEqual(
    [
      { text: 'ALTER ROLE "datafold" NOLOGIN PASSWORD NULL' },
      ...REST,
      { text: `COMMENT ON ROLE "datafold" IS '${roleComment({ ...RECORD, state: 'retained' })}'` },
    ],
  );
});

test('later rights of a kept role are revoked again, LOGIN separately', () => {
  expect(planRetainedRole('datafold', RECORD, RIGHTS, { isMarked: true, versionNum: 160000 })).toStrictEqual([
    { text: 'ALTER ROLE "datafold" NOLOGIN', isOptional: true },
    ...REST,
  ]);
  const nothing = { attributes: [], memberships: [], settings: [] };
  expect(planRetainedRole('datafold', RECORD, nothing, { isMarked: true, versionNum: 160000 })).toEqual([]);
});

test('before PostgreSQL 16, or without a grantor, GRANTED BY is omitted', () => {
  const [membership] = RIGHTS.memberships;
  const plan = (versionNum: number, grantorName: string | null) =>
    planRetainedRole(
      'datafold',
      RECORD,
      { attributes: [], memberships: [{ ...membership, grantorName }], settings: [] },
      { isMarked: true, versionNum },
    );
  const bare = [{ text: 'REVOKE "cleo" FROM "datafold" CASCADE', isOptional: true }];
  expect(plan(159999, 'amy')).toStrictEqual(bare);
  expect(plan(160000, null)).toStrictEqual(bare);
});

test('the notice names its objects and the statements that drop the role', () => {
  const ownership = [
    { database: 'app', object: null },
    { database: 'dwh', object: null },
    { database: null, object: 'DATABASE "own"' },
  ];
  const objectsIn = (name: string) => (name === 'app' ? ['view a', 'view b'] : []);
  expect(retainedNotice('datafold', ownership, objectsIn)).toBe(
    'Role "datafold" is kept without login, password, memberships and privileges, because it owns view a, view b in database "app"; objects in database "dwh"; database "own". ' +
      'The objects were not reassigned to another role, because code runs with the privileges of its owner. To drop the role: ' +
      'in database "app", "dwh", run GRANT "datafold" TO CURRENT_USER; DROP OWNED BY "datafold"; or, for objects to keep, check their code and change their owner; ' +
      'then run ALTER DATABASE "own" OWNER TO another role; then run DROP ROLE "datafold";',
  );
  expect(retainedNotice('datafold', [ownership[2]], objectsIn)).toBe(
    'Role "datafold" is kept without login, password, memberships and privileges, because it owns database "own". ' +
      'The objects were not reassigned to another role, because code runs with the privileges of its owner. To drop the role: ' +
      'run ALTER DATABASE "own" OWNER TO another role; then run DROP ROLE "datafold";',
  );
});
