import { planDefaultPrivileges } from '../../../../lib/handler/sql-runner/plan/default-privileges';
import { planRelations, planSchemaUsage } from '../../../../lib/handler/sql-runner/plan/grants';
import { AMY, BEN, nameOf, schema } from './facts';

const relation = (name: string, facts: { schema?: number; owner?: number } = {}) => ({
  oid: 1,
  schema: 101,
  owner: AMY,
  name,
  ...facts,
});

test('USAGE is granted where it is missing, with one statement per owner', () => {
  const schemas = [
    schema('s1'),
    schema('s2', { owner: BEN }),
    schema('s3', { usage: true }),
    schema('s4"', { owner: AMY }),
  ];
  expect(planSchemaUsage('datafold', schemas)).toStrictEqual([
    {
      text: 'GRANT USAGE ON SCHEMA "s1", "s4""" TO "datafold"',
      actAs: AMY,
      identity: 'preferred',
      locks: 2,
    },
    { text: 'GRANT USAGE ON SCHEMA "s2" TO "datafold"', actAs: BEN, identity: 'preferred', locks: 1 },
  ]);
});

test('a statement names 200 schemas at most', () => {
  const schemas = Array.from({ length: 201 }, (_, i) => schema(`s${i}`));
  expect(planSchemaUsage('datafold', schemas).map(({ locks }) => locks)).toEqual([200, 1]);
});

test('SELECT is granted by name, per owner, in parts by schema if the whole is refused', () => {
  const schemas = [schema('s1'), schema('s2')];
  const missing = [
    relation('a'),
    relation('b', { owner: BEN }),
    relation('c', { schema: 102 }),
    relation('d'),
  ];
  const grant = (names: string, actAs: number, locks: number) => ({
    text: `GRANT SELECT ON TABLE ${names} TO "datafold"`,
    actAs,
    identity: 'preferred',
    locks,
  });
  expect(planRelations('datafold', schemas, missing, () => 'set')).toStrictEqual([
    {
      ...grant('"s1"."a", "s2"."c", "s1"."d"', AMY, 3),
      parts: [grant('"s1"."a", "s1"."d"', AMY, 2), grant('"s2"."c"', AMY, 1)],
    },
    grant('"s1"."b"', BEN, 1),
  ]);
});

test('relations of an owner that the administrator may not act as are skipped', () => {
  const missing = [relation('a'), relation('b', { owner: BEN })];
  const plan = planRelations('datafold', [schema('s1')], missing, (owner) =>
    owner === BEN ? 'none' : 'direct',
  );
  expect(plan.map(({ text }) => text)).toEqual(['GRANT SELECT ON TABLE "s1"."a" TO "datafold"']);
});

test('a statement names 500 relations at most', () => {
  const missing = Array.from({ length: 501 }, (_, i) => relation(`t${i}`));
  const plan = planRelations('datafold', [schema('s1')], missing, () => 'direct');
  expect(plan.map(({ locks }) => locks)).toEqual([500, 1]);
});

test('default privileges are set for each creator in all its schemas, 200 in a statement', () => {
  const schemas = [schema('s1'), schema('s2')];
  const creators = [
    { schema: 101, creator: AMY },
    { schema: 101, creator: BEN },
    { schema: 102, creator: AMY },
  ];
  expect(planDefaultPrivileges('datafold', schemas, creators, nameOf)).toStrictEqual([
    {
      text: 'ALTER DEFAULT PRIVILEGES FOR ROLE "amy" IN SCHEMA "s1", "s2" GRANT SELECT ON TABLES TO "datafold"',
      actAs: AMY,
    },
    {
      text: 'ALTER DEFAULT PRIVILEGES FOR ROLE "ben" IN SCHEMA "s1" GRANT SELECT ON TABLES TO "datafold"',
      actAs: BEN,
    },
  ]);
  const many = Array.from({ length: 201 }, (_, i) => schema(`s${i}`));
  const all = many.map(({ oid }) => ({ schema: oid, creator: AMY }));
  expect(planDefaultPrivileges('datafold', many, all, nameOf)).toHaveLength(2);
});
