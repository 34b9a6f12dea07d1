import type { ProblemKind, ReadProblem } from '../../../../lib/handler/sql-runner/catalog/read-problems';
import {
  explainProblem,
  outcomeOf,
  worstProblems,
} from '../../../../lib/handler/sql-runner/plan/read-problems';

const problem = (kind: ProblemKind, facts: Partial<ReadProblem> = {}): ReadProblem => ({
  relation: 1,
  kind,
  schema: 'shop',
  name: 'a',
  detail: null,
  reader: 'amy',
  isCurrentUser: false,
  policies: null,
  isShown: false,
  isNameTaken: false,
  ...facts,
});
const explain = (kind: ProblemKind, facts?: Partial<ReadProblem>) =>
  explainProblem(problem(kind, facts), 'datafold');

test.each<[ProblemKind, string]>([
  ['select', 'fails'],
  ['execute', 'fails'],
  ['not-populated', 'fails'],
  ['no-handler', 'fails'],
  ['no-mapping', 'fails'],
  ['unreachable', 'fails'],
  ['extension', 'fails'],
  ['row-security-off', 'fails'],
  ['no-policy', 'hides'],
  ['policy', 'hides'],
  ['restrictive-policy', 'hides'],
  ['function', 'unproven'],
  ['not-tried', 'unproven'],
])('%s: reading %s', (kind, outcome) => {
  expect(outcomeOf(problem(kind))).toBe(outcome);
});

describe('the worst problem', () => {
  const kinds = (...args: Parameters<typeof worstProblems>) =>
    Object.fromEntries([...worstProblems(...args)].map(([relation, { kind }]) => [relation, kind]));

  test('of a relation counts, in any order', () => {
    const all = [problem('function'), problem('policy'), problem('select'), problem('policy')];
    expect(kinds(all, [])).toEqual({ 1: 'select' });
    expect(kinds(all.slice(0, 2), [])).toEqual({ 1: 'policy' });
    expect(kinds([], [])).toEqual({});
  });

  test('applies to views on it too, at any depth and in cycles', () => {
    const views = [
      [1, 2],
      [1, 3],
      [2, 4],
      [4, 2],
      [5, 4],
    ] as const;
    expect(kinds([problem('policy'), problem('select', { relation: 5 })], views)).toEqual({
      1: 'policy',
      2: 'select',
      3: 'policy',
      4: 'select',
      5: 'select',
    });
  });
});

test.each<[ProblemKind, Partial<ReadProblem>, string, string]>([
  [
    'select',
    {},
    'it reads "shop"."a" as "amy", which lacks SELECT',
    'GRANT SELECT ON TABLE "shop"."a" TO "amy";',
  ],
  ['execute', { detail: 'integer' }, 'it calls function "shop"."a"(integer), on which "amy" lacks EXECUTE', 'GRANT EXECUTE ON FUNCTION "shop"."a"(integer) TO "amy";'], // prettier-ignore
  ['execute', {}, 'it calls function "shop"."a"(), on which "amy" lacks EXECUTE', 'GRANT EXECUTE ON FUNCTION "shop"."a"() TO "amy";'], // prettier-ignore
  ['not-populated', {}, 'materialized view "shop"."a" is not populated', 'REFRESH MATERIALIZED VIEW "shop"."a";'], // prettier-ignore
  ['no-handler', {}, 'the foreign-data wrapper of foreign table "shop"."a" has no handler', 'Set a handler (ALTER FOREIGN DATA WRAPPER … HANDLER …), or exclude the table.'], // prettier-ignore
  ['no-mapping', { detail: 'far' }, '"amy" has no user mapping for foreign server "far" of "shop"."a"', `CREATE USER MAPPING FOR "amy" SERVER "far" OPTIONS (user '…', password '…');`], // prettier-ignore
  ['unreachable', { detail: 'far' }, '"amy" cannot read from foreign server "far" of "shop"."a"', 'Check the options of the server and of the user mapping, and the network between the two servers.'], // prettier-ignore
  ['not-tried', { detail: 'far' }, 'foreign server "far" of "shop"."a" was not tested, because connecting to it may never time out', `ALTER SERVER "far" OPTIONS (ADD connect_timeout '5');`], // prettier-ignore
  ['extension', { schema: null, name: 'pg_cron' }, 'extension "pg_cron" does not grant it', 'If Datafold needs it, grant SELECT as its owner.'], // prettier-ignore
  ['row-security-off', {}, 'row_security is off for "datafold", and row-level security of "shop"."a" applies to "amy"', 'ALTER ROLE "datafold" SET row_security = on;'], // prettier-ignore
  ['function', { detail: 'integer' }, 'it calls function "shop"."a"(integer), which the verification does not call', 'Test it: read it as "datafold".'], // prettier-ignore
  ['function', {}, 'it calls function "shop"."a"(), which the verification does not call', 'Test it: read it as "datafold".'], // prettier-ignore
])('%s %j says why, and what ends it', (kind, facts, reason, next) => {
  expect(explain(kind, facts)).toEqual({ reason, next });
});

test.each(['pg_catalog', 'information_schema'])('no grant is suggested for objects of %s', (schema) => {
  const next =
    'PostgreSQL reserves this object for administrators: ignore the view, or change it not to use the object.';
  expect([explain('select', { schema }).next, explain('execute', { schema }).next]).toEqual([next, next]);
});

test('a policy for the reader shows the rows; under a view, only to the role', () => {
  expect(explain('no-policy', { reader: 'datafold', isCurrentUser: true })).toEqual({
    reason: 'row-level security of "shop"."a" shows no rows to "datafold"',
    next: 'CREATE POLICY "datafold" ON "shop"."a" FOR SELECT TO "datafold" USING (true);',
  });
  expect(explain('policy', { isNameTaken: true })).toEqual({
    reason: 'policies of "shop"."a" for "amy" decide which rows it sees',
    next: `CREATE POLICY "datafold_reads" ON "shop"."a" FOR SELECT TO "amy" USING (current_user = 'datafold');`,
  });
});

test('under a view, permissive policies are extended by current_user, unless another one shows all rows', () => {
  const policies = [{ name: 'p', qual: 'id > 0', restrictive: false }];
  expect(explain('policy', { policies }).next).toBe(
    `ALTER POLICY "p" ON "shop"."a" USING (current_user = 'datafold' OR (id > 0));`,
  );
  expect(explain('policy', { policies, isCurrentUser: true, reader: 'datafold' }).next).toBe(
    'CREATE POLICY "datafold" ON "shop"."a" FOR SELECT TO "datafold" USING (true);',
  );
});

test('restrictive policies are extended by current_user, and a policy is added if none shows the rows', () => {
  const restrictive = (qual: string) => ({ name: 'r', qual, restrictive: true });
  const alter = (rest: string) =>
    `ALTER POLICY "r" ON "shop"."a" USING (current_user = 'datafold' OR ${rest});`;
  const open = `CREATE POLICY "datafold" ON "shop"."a" FOR SELECT TO "amy" USING (current_user = 'datafold');`;
  expect(explain('restrictive-policy', { policies: [restrictive('id > 0')] })).toEqual({
    reason: 'restrictive policies of "shop"."a" for "amy" ("r") hide rows',
    next: `${alter('(id > 0)')} ${open}`,
  });
  const permissive = { name: 'p', qual: 'id < 9', restrictive: false };
  const long = [restrictive('q'.repeat(500)), restrictive('q'.repeat(501)), permissive];
  expect(explain('restrictive-policy', { policies: long, isShown: true })).toEqual({
    reason: 'restrictive policies of "shop"."a" for "amy" ("r", "r") hide rows',
    next: `${alter(`(${'q'.repeat(500)})`)} ${alter('…')}`,
  });
  expect(explain('restrictive-policy').next).toBe(open);
});
