import { planRoleLimits, type RoleLimits } from '../../../../lib/handler/sql-runner/plan/role-limits';
import { entryOf } from '../../../../lib/handler/sql-runner/role-record';
import { ACCESS, OWNER } from '../../../support/requests';

const NO_LIMITS: RoleLimits = { connectionLimit: -1, originalConnectionLimit: null, statementTimeouts: [] };
const APP = [{ databaseName: 'app' }];
const desired = { roleName: 'datafold', databases: APP };
const timeout = (value: string, databaseName = 'app') => [{ databaseName, value }];
const texts = ({ statements }: ReturnType<typeof planRoleLimits>) => statements.map(({ text }) => text);

describe('the connection limit', () => {
  const limitTo = (limit: number) => [`ALTER ROLE "datafold" CONNECTION LIMIT ${limit}`];

  test.each([
    ['is set', 5, {}, true, undefined, limitTo(5), null],
    ['is not set again', 5, { connectionLimit: 5 }, true, undefined, [], null],
    [
      'of an adopted role is recorded before it is changed',
      5,
      { connectionLimit: 9 },
      false,
      undefined,
      limitTo(5),
      9,
    ],
    [
      'of an adopted role that has the desired one is not recorded',
      5,
      { connectionLimit: 5 },
      false,
      undefined,
      [],
      null,
    ],
    [
      'of an adopted role stays recorded',
      5,
      { connectionLimit: 7, originalConnectionLimit: 9 },
      false,
      7,
      limitTo(5),
      9,
    ],
    ['ends when it is no longer desired', undefined, { connectionLimit: 5 }, true, 5, limitTo(-1), null],
    [
      'of an adopted role is restored',
      undefined,
      { connectionLimit: 5, originalConnectionLimit: 9 },
      false,
      5,
      limitTo(9),
      null,
    ],
    ['of an adopted role without a record is left', undefined, { connectionLimit: 5 }, false, 5, [], null],
    ['that somebody changed since is left', undefined, { connectionLimit: 6 }, true, 5, [], null],
  ] as const)('%s', (_, connectionLimit, found, isOurs, before, statements, original) => {
    const previous = { ...desired, connectionLimit: before };
    const plan = planRoleLimits(
      { ...desired, connectionLimit },
      previous,
      { ...NO_LIMITS, ...found },
      isOurs,
    );
    expect({
      statements: texts(plan),
      original: plan.originalConnectionLimit,
      notices: plan.notices,
    }).toEqual({
      statements,
      original,
      notices: [],
    });
  });

  test('is the lowest that an owner desires', () => {
    const others = [4, undefined].map((connectionLimit) => entryOf(OWNER, { ...ACCESS, connectionLimit }));
    expect(
      texts(planRoleLimits({ ...desired, connectionLimit: 5 }, undefined, NO_LIMITS, true, others)),
    ).toEqual(limitTo(4));
    expect(texts(planRoleLimits(desired, undefined, NO_LIMITS, true, others))).toEqual(limitTo(4));
  });
});

describe('statement_timeout', () => {
  const set = (ms: number, name = 'app') =>
    `ALTER ROLE "datafold" IN DATABASE "${name}" SET statement_timeout = '+${ms} ms'`;
  const RESET = 'ALTER ROLE "datafold" IN DATABASE "app" RESET statement_timeout';

  test.each([
    ['is set in each database', 1000, [], true, [set(1000)]],
    ['is not set again', 1000, timeout('+1000 ms'), true, []],
    ['of an earlier run is replaced', 1000, timeout('+5 ms'), false, [set(1000)]],
    [
      'of another role is replaced for a role that this library created',
      1000,
      timeout('5s'),
      true,
      [set(1000)],
    ],
    ['is reset when it is no longer desired', undefined, timeout('+5 ms'), true, [RESET]],
    ['of another role is not reset', undefined, timeout('5s'), true, []],
    ['with more text than a run writes is not reset', undefined, timeout('x+5 ms'), true, []],
    ['with text after it is not reset', undefined, timeout('+5 msx'), true, []],
    ['that was never set is not reset', undefined, [], true, []],
  ])('%s', (_, statementTimeout, statementTimeouts, isOurs, statements) => {
    const found = { ...NO_LIMITS, statementTimeouts };
    const plan = planRoleLimits({ ...desired, statementTimeout }, undefined, found, isOurs);
    expect(texts(plan)).toEqual(statements);
    expect(plan.notices).toEqual([]);
  });

  test('of an adopted role that another role has set is kept and reported', () => {
    const found = { ...NO_LIMITS, statementTimeouts: timeout('5s') };
    const plan = planRoleLimits({ ...desired, statementTimeout: 1000 }, undefined, found, false);
    expect(texts(plan)).toEqual([]);
    expect(plan.notices).toEqual([
      'Role "datafold" keeps statement_timeout=5s in database "app", which another role has set.',
    ]);
  });

  test('is reset in a database that is no longer named, and set in the new one', () => {
    const previous = { ...desired, statementTimeout: 1000 };
    const next = { ...previous, databases: [{ databaseName: 'shop' }] };
    const found = { ...NO_LIMITS, statementTimeouts: timeout('+1000 ms') };
    expect(texts(planRoleLimits(next, previous, found, true))).toEqual([set(1000, 'shop'), RESET]);
  });

  test('is the lowest that an owner desires for the database', () => {
    const other = entryOf(OWNER, { ...ACCESS, databases: APP, statementTimeout: 500 });
    const ofShop = entryOf(OWNER, {
      ...ACCESS,
      databases: [{ databaseName: 'shop' }],
      statementTimeout: 100,
    });
    const plan = planRoleLimits({ ...desired, statementTimeout: 1000 }, undefined, NO_LIMITS, true, [
      other,
      ofShop,
    ]);
    expect(texts(plan)).toEqual([set(500)]);
  });

  test('without databases is set nowhere', () => {
    expect(
      texts(planRoleLimits({ roleName: 'datafold', statementTimeout: 1 }, undefined, NO_LIMITS, true)),
    ).toEqual([]);
  });
});
