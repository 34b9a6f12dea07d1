import { createReachableOwner } from '../../support/postgres-server/rds';
import { PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

test('future tables of the database owner are readable, even if the owner cannot log in', async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  await createReachableOwner(admin, 'etl');
  await server.freshDatabase('app');
  await server.sql('ALTER DATABASE app OWNER TO etl');
  expect((await succeed(requests().apply())).notices).toEqual([]);
  await server.sql('SET ROLE etl; CREATE TABLE public.later (id int)', 'app');
  expect(await server.sql('TABLE public.later', 'app', { user: 'datafold', password: PASSWORD })).toEqual([]);
  expect((await succeed(requests().apply())).statements).toBe(0);
  await succeed(requests().remove());
});
