import { roleComment } from '../../../lib/handler/sql-runner/role-record';
import type { AccessSpec, Owner } from '../../../lib/private/wire/sql';
import { createUnreachableOwner } from '../../support/postgres-server/rds';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const ID = 'datafold-access/shop.example.com:5432/datafold';
const A: Owner = { key: 'a1', id: ID, stackName: 'A' };
const B: Owner = { key: 'b1', id: ID, stackName: 'B' };
const PASSWORD_OF_B = 'B-Pa55word';
const adopt = { adoptExisting: true };
const share = { adoptExisting: true, passwordIsGiven: true as const };
const BOTH = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };

type Access = Partial<AccessSpec>;
const spec = (access?: Access): AccessSpec => ({ ...ACCESS, ...access });
const applyA = (access: Access = {}, previous?: Access) =>
  requests().apply({ owner: A, access, ...(previous && { previous: spec(previous) }) });
/** Stack B, with the password of stack A. */
const shareB = (access: Access = {}, previous?: Access) =>
  requests().apply({
    owner: B,
    access: { ...share, ...access },
    ...(previous && { previous: spec({ ...share, ...previous }) }),
  });
/** Stack B, with a password of its own. */
const applyB = (access: Access = {}) => requests().apply({ owner: B, password: PASSWORD_OF_B, access });
const removeA = (access: Access = {}) => requests().remove({ owner: A, access });
const removeB = (access: Access = {}) => requests().remove({ owner: B, access: { ...share, ...access } });

/** The result of reading as Datafold's role: a number of rows, or the SQLSTATE. */
const reads = async (table: string, database = 'app', password = PASSWORD) =>
  server.sql(`SELECT * FROM ${table}`, database, { user: 'datafold', password }).then(
    (rows) => rows.length,
    ({ code }: { code: string }) => code,
  );
const dump = async () => (await Promise.all(['app', 'dwh'].map((name) => server.dump(name)))).join('\n');

beforeEach(async () => {
  for (const name of ['app', 'dwh']) {
    await server.freshDatabase(name);
    await server.sql(
      `REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC; CREATE SCHEMA shop CREATE TABLE items (id int); CREATE SCHEMA hr CREATE TABLE people (id int);
       CREATE TABLE public.facts (id int)`,
      name,
      server.postgres.admin,
    );
  }
});
afterEach(async () => {
  for (const name of ['app', 'dwh']) await server.freshDatabase(name);
  await server.sql('DROP ROLE IF EXISTS datafold; DROP ROLE IF EXISTS other');
});

describe('a resource that takes over a role from another one', () => {
  test('gets an error that names the props to set and their effect on the password', async () => {
    await succeed(applyA());
    const before = await dump();
    expect(await fail(applyB())).toEqual({
      message:
        'The role "datafold" already exists, and stack "A" created it. Choose another role name, or set adoptExisting. ' +
        'To share the role, also set passwordSecret to the secret with its password. Without passwordSecret, this resource takes over the role: ' +
        'the role gets the password of this stack, and clients with the password of stack "A" need the new one.',
      code: '42710',
      retryable: false,
    });
    expect(await dump()).toBe(before);
    await succeed(removeA());
  });

  test('owns the role afterwards: the removal of the other resource keeps it, its own removal drops it', async () => {
    const before = await dump();
    await succeed(applyA());
    const { notices } = await succeed(applyB(adopt));
    expect(notices).toEqual([
      'The role "datafold" now has the password of this stack. Clients with the password of stack "A", such as its data sources in Datafold, need the new password. The role is kept when other owners are removed.',
    ]);
    expect((await succeed(applyB(adopt))).statements).toBe(0);
    const removal = await succeed(removeA());
    expect(removal.notices).toEqual(['Role "datafold" is kept: stack "B" needs it.']);
    expect(await reads('facts', 'app', PASSWORD_OF_B)).toBe(0);
    expect((await succeed(removeA())).notices).toEqual(['Role "datafold" is kept: stack "B" created it.']);
    expect(await reads('facts', 'app', PASSWORD_OF_B)).toBe(0);
    expect(await server.schemaExists('datafold_tmp', 'app')).toBe(true);
    expect((await succeed(applyB(adopt))).statements).toBe(0);
    expect((await succeed(removeB())).notices).toEqual([]);
    expect(await dump()).toBe(before);
  });

  test('replaces the password at the end: a deployment that fails earlier keeps the password of the other resource', async () => {
    await succeed(applyA());
    await createUnreachableOwner(await server.connection('postgres'), 'other', server.postgres.versionNum);
    await server.sql('CREATE TABLE closed (id int); ALTER TABLE closed OWNER TO other', 'app');
    const before = await dump();
    expect(await fail(applyB(adopt))).toEqual({
      message:
        'Database "app": 1 object stays unreadable for "datafold", because the administrator may not act as their owners (42501). Ask the owners to run the statements, or set verification.onUnreadable to WARN: ' +
        '"public"."closed" (GRANT SELECT ON TABLE "public"."closed" TO "datafold";)',
      code: '42501',
      retryable: false,
    });
    expect(await dump()).toBe(before);
    expect(await reads('facts')).toBe(0);
    expect((await succeed(requests().remove({ owner: B, access: adopt }))).notices).toEqual([
      'Role "datafold" is kept: stack "A" created it.',
    ]);
    expect(await dump()).toBe(before);
    await succeed(removeA());
  });

  test('leaves the role to the other resource when its deployment is rolled back', async () => {
    await succeed(applyA());
    const before = await dump();
    await succeed(applyB(adopt));
    await succeed(requests().remove({ owner: B, access: adopt }));
    expect(await reads('facts', 'app', PASSWORD_OF_B)).toBe(0); // no password can be restored
    await succeed(applyA());
    expect(await reads('facts')).toBe(0);
    expect(await dump()).toBe(before);
    await succeed(removeA());
  });

  test('keeps its password: the other resource does not replace it, and its error names the stack', async () => {
    await succeed(applyA());
    await succeed(applyB(adopt));
    expect(await fail(applyA())).toEqual({
      message:
        'The role "datafold" is shared with stack "B" and has the password of that stack, not the one in the secret. The password is not replaced, because clients that use it would be locked out. ' +
        'Set passwordSecret to the secret with the password of stack "B", or choose another role name. Then deploy again.',
      code: 'LOCKED',
      retryable: false,
    });
    expect(await reads('facts', 'app', PASSWORD_OF_B)).toBe(0);
    await succeed(removeA());
    await succeed(removeB());
  });

  test('gets the role while the removal of the other one is under way, which then leaves it', async () => {
    await succeed(applyA());
    const record = {
      origin: A.key,
      owners: [{ ...A, databases: ACCESS.databases }],
      state: 'being-removed' as const,
    };
    await server.sql(`ALTER ROLE datafold NOLOGIN; COMMENT ON ROLE datafold IS '${roleComment(record)}'`);
    await succeed(applyB(adopt));
    expect((await succeed(removeA())).notices).toEqual(['Role "datafold" is kept: stack "B" needs it.']);
    expect(await reads('facts', 'app', PASSWORD_OF_B)).toBe(0);
    await succeed(removeB());
    expect(await server.roleExists('datafold')).toBe(false);
  });

  test('is never a scheduled repair: a repair replaces no password of another stack', async () => {
    await succeed(applyA());
    const repair = { ...adopt, keepForeignPassword: true as const };
    expect((await fail(applyB(repair))).code).toBe('LOCKED');
    expect(await reads('facts')).toBe(0);
    await succeed(removeA());
  });

  test.each([
    ['cluster', 'cluster:shop', 'cluster:shop-restored'],
    [
      'host',
      'shop.abcdefghijkl.eu-west-1.rds.amazonaws.com:5432',
      'new.abcdefghijkl.eu-west-1.rds.amazonaws.com:5432',
    ],
  ])(
    'owns a role that a snapshot of another server brought along (%s)',
    async (_kind, original, restored) => {
      const at = (owner: Owner, place: string) => ({ ...owner, id: `datafold-access/${place}/datafold` });
      const before = await dump();
      await succeed(requests().apply({ owner: at(A, original) }));
      const restoredB = { owner: at(B, restored), access: adopt };
      const { notices } = await succeed(requests().apply({ ...restoredB, password: PASSWORD_OF_B }));
      expect(notices).toEqual([]);
      expect(await reads('facts', 'app', PASSWORD_OF_B)).toBe(0);
      await succeed(requests().remove(restoredB));
      expect(await dump()).toBe(before);
    },
  );
});

describe('two stacks with one role and one password', () => {
  test('share the role: the first removal keeps it, and the last removal drops it', async () => {
    const before = await dump();
    for (const [first, second] of [
      [removeA, removeB],
      [removeB, removeA],
    ]) {
      await succeed(applyA());
      expect((await succeed(shareB())).notices).toEqual([]);
      for (const request of [applyA(), shareB()]) expect((await succeed(request)).statements).toBe(0);
      await succeed(first());
      expect(await reads('facts')).toBe(0);
      await succeed(second());
      expect(await dump()).toBe(before);
    }
  });

  test('do not lock each other out: another password is refused, and nothing changes', async () => {
    await succeed(applyA());
    const before = await dump();
    expect(await fail({ ...shareB(), password: PASSWORD_OF_B })).toEqual({
      message:
        'The role "datafold" is shared with stack "A" and has the password of that stack, not the one in the secret. The password is not replaced, because clients that use it would be locked out. ' +
        'Set passwordSecret to the secret with the password of stack "A", or choose another role name. Then deploy again.',
      code: 'LOCKED',
      retryable: false,
    });
    expect(await reads('facts')).toBe(0);
    expect(await dump()).toBe(before);
    await succeed(removeA());
  });

  test('keep a database that only one of them named when the other one is removed', async () => {
    const before = await dump();
    await succeed(applyA(BOTH));
    await succeed(shareB());
    await succeed(shareB(BOTH, {}));
    await succeed(removeA(BOTH));
    expect([await reads('facts'), await reads('facts', 'dwh')]).toEqual([0, 0]);
    expect((await succeed(shareB(BOTH))).statements).toBe(0);
    await succeed(removeB(BOTH));
    expect(await dump()).toBe(before);
  });

  test('lose a database that only the removed one named', async () => {
    await succeed(applyA());
    const before = await dump();
    await succeed(shareB(BOTH));
    await succeed(removeB(BOTH));
    expect(await dump()).toBe(before);
    expect([await reads('facts'), await reads('facts', 'dwh')]).toEqual([0, '42501']);
    await succeed(removeA());
  });

  test.each<[string, Access, Access]>([
    ['database', BOTH, {}],
    ['schema', {}, { databases: [{ databaseName: 'app', schemas: ['hr'] }] }],
    ['default privileges', {}, { futureTables: false }],
    ['temp schema', {}, { tempSchema: 'scratch' }],
    ['table', {}, { databases: [{ databaseName: 'app', excludeTables: ['hr.people'] }] }],
  ])('each take back no %s that the other one needs', async (_what, more, less) => {
    await succeed(applyA(more));
    const before = await dump();
    await succeed(shareB(more));
    const failing = { onUnreadable: 'warn' as const };
    await succeed(shareB({ ...less, ...failing }, more));
    expect([await reads('shop.items'), await reads('hr.people')]).toEqual([0, 0]);
    if (more === BOTH) expect(await reads('facts', 'dwh')).toBe(0);
    expect((await succeed(applyA(more))).statements).toBe(0);
    await succeed(removeB(less));
    expect(await dump()).toBe(before);
    await succeed(removeA(more));
  });
});
