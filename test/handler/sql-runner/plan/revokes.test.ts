import { statementsForKept } from '../../../../lib/handler/sql-runner/plan/kept-grants';
import { planRevokes } from '../../../../lib/handler/sql-runner/plan/revokes';
import { AMY, BEN, grant, nameOf } from './facts';

const revoke = (text: string, actAs = AMY, locks = 1) => ({
  text: `${text} FROM "datafold" CASCADE`,
  actAs,
  identity: 'required',
  locks,
});
const plan = (...held: Parameters<typeof planRevokes>[1]) => planRevokes('datafold', held, nameOf);

test.each([
  ['database', grant('app', { kind: 'database', schema: null }), 'DATABASE "app"'],
  ['schema', grant('shop', { kind: 'schema' }), 'SCHEMA "shop"'],
  ['relation', grant('a"b'), 'TABLE "shop"."a""b"'],
  ['sequence', grant('s', { kind: 'sequence' }), 'SEQUENCE "shop"."s"'],
])('all grants of an owner on a %s are revoked together', (_kind, held, object) => {
  expect(plan(held)).toStrictEqual([revoke(`REVOKE ALL ON ${object}`)]);
});

test('of grants by another role, only the granted privileges are revoked', () => {
  expect(plan(grant('a', { grantor: BEN, privileges: 'SELECT, INSERT' }))).toStrictEqual([
    revoke('REVOKE SELECT, INSERT ON TABLE "shop"."a"', BEN),
  ]);
});

test('a statement covers one object type, one grantor and, unless the grantor is the owner, the same privileges', () => {
  const held = [
    grant('a'),
    grant('b', { privileges: 'INSERT' }),
    grant('c', { grantor: BEN }),
    grant('d', { grantor: BEN, privileges: 'INSERT' }),
    grant('e', { grantor: BEN }),
    grant('f', { kind: 'sequence' }),
  ];
  expect(plan(...held).map(({ text }) => text.replace(' FROM "datafold" CASCADE', ''))).toEqual([
    'REVOKE ALL ON TABLE "shop"."a", "shop"."b"',
    'REVOKE SELECT ON TABLE "shop"."c", "shop"."e"',
    'REVOKE INSERT ON TABLE "shop"."d"',
    'REVOKE ALL ON SEQUENCE "shop"."f"',
  ]);
});

test('a statement names at most 500 objects and has parts by schema', () => {
  const held = Array.from({ length: 501 }, (_, i) => grant(`t${i}`));
  expect(plan(...held).map(({ locks }) => locks)).toEqual([500, 1]);
  expect(plan(grant('a'), grant('b', { schema: 'two' }))).toStrictEqual([
    {
      ...revoke('REVOKE ALL ON TABLE "shop"."a", "two"."b"', AMY, 2),
      parts: [revoke('REVOKE ALL ON TABLE "shop"."a"'), revoke('REVOKE ALL ON TABLE "two"."b"')],
    },
  ]);
});

test.each([
  ['r', 'TABLES'],
  ['S', 'SEQUENCES'],
  ['f', 'FUNCTIONS'],
  ['T', 'TYPES'],
  ['n', 'SCHEMAS'],
  ['L', 'LARGE OBJECTS'],
])('default privileges of the kind %s are those on %s', (objectType, objects) => {
  const held = grant('', { kind: 'default', objectType, schema: null, grantor: BEN });
  expect(plan(held)).toStrictEqual([
    revoke(`ALTER DEFAULT PRIVILEGES FOR ROLE "ben" REVOKE ALL ON ${objects}`, BEN),
  ]);
});

test('default privileges in schemas and in all schemas are revoked separately', () => {
  const defaults = (schema: string | null) => grant('', { kind: 'default', objectType: 'r', schema });
  expect(plan(defaults('one'), defaults(null), defaults('two')).map(({ text }) => text)).toEqual([
    'ALTER DEFAULT PRIVILEGES FOR ROLE "amy" IN SCHEMA "one", "two" REVOKE ALL ON TABLES FROM "datafold" CASCADE',
    'ALTER DEFAULT PRIVILEGES FOR ROLE "amy" REVOKE ALL ON TABLES FROM "datafold" CASCADE',
  ]);
});

test('the grants of an adopted role are listed with one statement per object type', () => {
  const held = [
    grant('app', { kind: 'database', schema: null }),
    grant('shop', { kind: 'schema' }),
    grant('a'),
    grant('b'),
    grant('', { kind: 'default', objectType: 'r' }),
    grant('', { kind: 'default', objectType: 'r', grantorName: 'ben', schema: 'two' }),
    grant('', { kind: 'default', objectType: 'S', grantorName: 'cleo', schema: 'three' }),
    grant('s', { kind: 'sequence', schema: 'four' }),
  ];
  expect(statementsForKept('datafold', held)).toEqual([
    'REVOKE SELECT ON ALL TABLES IN SCHEMA "shop" FROM "datafold";',
    'ALTER DEFAULT PRIVILEGES FOR ROLE "amy", "ben" IN SCHEMA "shop", "two" REVOKE SELECT ON TABLES FROM "datafold";',
    'REVOKE USAGE ON SCHEMA "shop" FROM "datafold";',
    'REVOKE CONNECT ON DATABASE "app" FROM "datafold";',
  ]);
  expect(statementsForKept('datafold', [])).toEqual([]);
});

test('all schemas are named, so that the statements can be run', () => {
  const schemas = Array.from({ length: 30 }, (_, i) => `s${i}`);
  expect(
    statementsForKept(
      'datafold',
      schemas.map((schema) => grant('a', { schema })),
    ),
  ).toEqual([
    `REVOKE SELECT ON ALL TABLES IN SCHEMA ${schemas.map((name) => `"${name}"`).join(', ')} FROM "datafold";`,
  ]);
});
