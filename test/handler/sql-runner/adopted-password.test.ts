import { createUnreachableOwner } from '../../support/postgres-server/rds';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

beforeEach(() => server.freshDatabase('app'));

describe('a role that an administrator created', () => {
  test('keeps its password: without passwordSecret, nothing changes and the error names passwordSecret', async () => {
    await server.sql(
      `CREATE ROLE datafold LOGIN PASSWORD 'by-hand-1'; COMMENT ON ROLE datafold IS 'of the guide'; CREATE SCHEMA datafold_tmp; GRANT ALL ON SCHEMA datafold_tmp TO datafold`,
      'app',
      server.postgres.admin,
    );
    const byHand = { user: 'datafold', password: 'by-hand-1' };
    const before = await server.dump('app');
    const adopt = { access: { adoptExisting: true } };
    expect(await fail(requests().apply(adopt))).toEqual({
      message:
        'The role "datafold" already exists, and the password in the secret is not its password. The password is not replaced, because clients that use it would be locked out. ' +
        'Store the password of the role in a secret and set passwordSecret; a role without a password needs one first (\\password "datafold" in psql). Then deploy again.',
      code: 'LOCKED',
      retryable: false,
    });
    await succeed(requests().remove(adopt)); // the rollback
    expect(await server.dump('app')).toBe(before);
    const given = { ...adopt, password: 'by-hand-1' };
    await succeed(requests().apply(given));
    expect((await succeed(requests().apply(given))).statements).toBe(0);
    await server.sql('SELECT 1', 'app', byHand);
    await succeed(requests().remove(adopt));
    await server.sql('SELECT 1', 'app', byHand);
    expect(await server.dump('app')).toContain('of the guide\n');
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold');
  });

  test('is not changed by a deployment that fails because a relation stays unreadable', async () => {
    await server.sql(
      `CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'; CREATE TABLE public.closed (id int)`,
      'app',
      server.postgres.admin,
    );
    await createUnreachableOwner(await server.connection('postgres'), 'other', server.postgres.versionNum);
    await server.sql('ALTER TABLE closed OWNER TO other', 'app');
    const adopt = { access: { adoptExisting: true } };
    const before = await server.dump('app');
    expect((await fail(requests().apply(adopt))).message).toBe(
      'Database "app": 1 object stays unreadable for "datafold", because the administrator may not act as their owners (42501). Ask the owners to run the statements, or set verification.onUnreadable to WARN: ' +
        '"public"."closed" (GRANT SELECT ON TABLE "public"."closed" TO "datafold";)',
    );
    expect(await server.dump('app')).toBe(before);
    await succeed(requests().remove(adopt));
    expect(await server.dump('app')).toBe(before);
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold; DROP ROLE other');
  });

  test('is used even if the administrator may not comment on it', async () => {
    await server.sql(`CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'`);
    const adopt = { access: { adoptExisting: true } };
    await succeed(requests().apply(adopt));
    expect((await succeed(requests().apply(adopt))).statements).toBe(0);
    expect((await succeed(requests().remove(adopt))).notices).toEqual([
      'Role "datafold" is kept: it existed before this library. It keeps its privileges.',
    ]);
    expect(await server.schemaExists('datafold_tmp', 'app')).toBe(false);
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold');
  });
});
