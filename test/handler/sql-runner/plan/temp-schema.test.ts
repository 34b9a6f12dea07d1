import { markerFor } from '../../../../lib/handler/sql-runner/marker';
import {
  planScratchRemoval,
  planTempSchema,
  tempSchemaConflict,
} from '../../../../lib/handler/sql-runner/plan/temp-schema';
import { OWNER } from '../../../support/requests';
import { AMY, BEN, MARKS, schema } from './facts';

const DESIRED = { name: 'datafold_tmp', roleName: 'datafold', owner: OWNER, adoptExisting: false };
const tmp = (facts: Parameters<typeof schema>[1] = {}) =>
  schema('datafold_tmp', { comment: MARKS.ours, usage: true, create: true, ...facts });
const COMMENT = `COMMENT ON SCHEMA "datafold_tmp" IS '${markerFor(OWNER)}'`;
const GRANT = 'GRANT ALL ON SCHEMA "datafold_tmp" TO "datafold"';

test('a schema that does not exist is created, marked and granted in one statement', () => {
  expect(planTempSchema(DESIRED, undefined, BEN)).toEqual([
    { text: `CREATE SCHEMA "datafold_tmp"; ${COMMENT}; ${GRANT}`, actAs: BEN },
  ]);
});

test('an existing schema gets missing grants, as its owner', () => {
  expect(planTempSchema(DESIRED, tmp(), undefined)).toEqual([]);
  for (const missing of [{ usage: false }, { create: false }])
    expect(planTempSchema(DESIRED, tmp(missing), undefined)).toEqual([{ text: GRANT, actAs: AMY }]);
  expect(planTempSchema(DESIRED, tmp({ comment: MARKS.previous, create: false }), undefined)).toEqual([
    { text: COMMENT, actAs: AMY },
    { text: GRANT, actAs: AMY },
  ]);
});

test.each([
  ['none', undefined, undefined],
  ['ours', tmp(), undefined],
  [
    'an unmarked one',
    tmp({ comment: null }),
    'The schema "datafold_tmp" already exists, and this stack did not create it. Choose another tempSchema, or set adoptExisting to use the schema.',
  ],
  [
    `another stack's`,
    tmp({ comment: MARKS.anothers }),
    'The schema "datafold_tmp" already exists, and stack "Reports" created it. Choose another tempSchema, or set adoptExisting to use the schema.',
  ],
  [
    'a schema with an untrusted mark',
    tmp({ comment: null, falseMarkOf: 'eve' }),
    'The schema "datafold_tmp" already exists and belongs to "eve", who is not the administrator, so its comment, which names a stack, is not trusted. Choose another tempSchema, set adoptExisting to use the schema, or, if a previous administrator created it, change its owner (ALTER SCHEMA "datafold_tmp" OWNER TO …).',
  ],
])('the schema that is there, %s, may be used or not', (_which, found, conflict) => {
  expect(tempSchemaConflict(DESIRED, found)).toBe(conflict);
  expect(tempSchemaConflict({ ...DESIRED, adoptExisting: true }, found)).toBeUndefined();
});

describe('the objects in the schema', () => {
  const table = (identity: string) => ({ kind: 'TABLE', identity });
  const textsFor = (objects: Parameters<typeof planScratchRemoval>[1], lockBudget = 400) =>
    planScratchRemoval(tmp(), objects, BEN, lockBudget).map(({ text }) => text);

  test('are dropped in order, several of one type at once, and one by one if that is refused', () => {
    const drop = (text: string, locks: number) => ({ text, actAs: AMY, isOptional: true, locks });
    const objects = [table('a'), table('b'), { kind: 'FUNCTION', identity: 'f(integer)' }, table('c')];
    expect(planScratchRemoval(tmp(), objects, BEN, 400)).toStrictEqual([
      { ...drop('DROP TABLE a, b', 8), parts: [drop('DROP TABLE a', 4), drop('DROP TABLE b', 4)] },
      drop('DROP FUNCTION f(integer)', 4),
      drop('DROP TABLE c', 4),
    ]);
    expect(planScratchRemoval(tmp(), [], BEN, 400)).toEqual([]);
  });

  test('are dropped within the lock budget, at most 100 at once', () => {
    expect(textsFor([table('a'), table('b'), table('c')], 11)).toEqual(['DROP TABLE a, b', 'DROP TABLE c']);
    expect(textsFor([table('a'), table('b')], 0)).toEqual(['DROP TABLE a', 'DROP TABLE b']);
    const many = Array.from({ length: 101 }, (_, i) => table(`t${i}`));
    expect(textsFor(many, 1_000)).toHaveLength(2);
  });

  test.each(['CAST', 'OPERATOR CLASS', 'OPERATOR FAMILY'])('are dropped one by one: %s', (kind) => {
    expect(textsFor(['a', 'b'].map((identity) => ({ kind, identity })))).toEqual([
      `DROP ${kind} a`,
      `DROP ${kind} b`,
    ]);
  });

  test('are dropped as the owner of the schema; a cast belongs to no schema and is dropped as the role', () => {
    const [cast] = planScratchRemoval(tmp(), [{ kind: 'CAST', identity: '(a AS b)' }], BEN, 400);
    expect(cast.actAs).toBe(BEN);
  });
});
