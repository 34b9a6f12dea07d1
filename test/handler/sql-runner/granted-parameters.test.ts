import { PASSWORD, requestsTo } from '../../support/requests';
import { testSince } from '../../support/since';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };

afterEach(async () => {
  await server.sql('DROP OWNED BY datafold CASCADE; DROP ROLE datafold', 'app');
});

testSince(15)(
  'a privilege on a parameter is revoked from a role that is kept because it owns objects',
  async () => {
    const admin = server.postgres.superuser;
    await server.freshDatabase('app');
    await succeed(requests().apply({ admin }));
    await server.sql(
      'GRANT SET ON PARAMETER log_statement TO datafold; GRANT EXECUTE ON FUNCTION pg_reload_conf() TO datafold',
      'app',
    );
    await server.sql('SELECT lo_create(77)', 'app', datafold);
    const { notices } = await succeed(requests().remove({ admin }));
    expect(notices).toEqual([
      expect.stringMatching(/^Role "datafold" is kept without login, .* large object 77 /),
    ]);
    expect(
      await server.sql(`SELECT parname FROM pg_parameter_acl WHERE paracl::text LIKE '%datafold%'`),
    ).toEqual([]);
  },
);
