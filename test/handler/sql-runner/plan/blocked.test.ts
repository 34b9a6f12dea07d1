import type { Blocker } from '../../../../lib/handler/sql-runner/catalog/blocker';
import { blockedMeaning } from '../../../../lib/handler/sql-runner/plan/blocked';

const blockedBy = (blocker: Partial<Blocker>) =>
  blockedMeaning(
    Object.assign(new Error('canceling statement due to lock timeout'), {
      blocker: {
        pid: 7,
        user: null,
        application: null,
        since: null,
        object: null,
        prepared: null,
        ...blocker,
      },
    }),
  );

test('an error without a blocking session means nothing more', () => {
  expect(blockedMeaning(new Error('canceling statement due to lock timeout'))).toBeUndefined();
});

test('the session that blocks is described as far as it is known, with the statement that ends it', () => {
  const next = 'End the session (SELECT pg_terminate_backend(7);), or deploy again later.';
  expect(blockedBy({})).toEqual({ cause: 'Session 7 holds a lock.', next });
  expect(blockedBy({ user: 'app', object: 'table "s"."t"' })).toEqual({
    cause: 'Session 7 of "app" holds a lock on table "s"."t".',
    next,
  });
  expect(blockedBy({ application: 'etl', since: '2026-11-29 03:00:00' })).toEqual({
    cause: 'Session 7 (etl, in a transaction since 2026-11-29 03:00:00 UTC) holds a lock.',
    next,
  });
});

test('a prepared transaction has no session to end', () => {
  expect(blockedBy({ pid: null, object: 'table "t"' })).toEqual({
    cause: 'A prepared transaction (pg_prepared_xacts) holds a lock on table "t".',
    next: 'Commit it or roll it back. Or deploy again later.',
  });
});
