import { randomBytes } from 'node:crypto';
import { startPostgres, type Postgres } from '../../test/support/postgres';
import { nightly, SHOP } from './shop';

/** Starts a temporary server with the tables of a shop, which the role `shop` owns. */
export async function startShop(): Promise<{ server: Postgres; runNightly: () => Promise<void> }> {
  const server = await startPostgres({ settings: { log_statement: 'mod' } });
  const shop = { user: 'shop', password: randomBytes(12).toString('hex') };
  const superuser = await server.connect(server.superuser);
  await superuser.query(`SET log_statement = 'none'`);
  await superuser.query(`CREATE ROLE shop LOGIN PASSWORD '${shop.password}'`);
  await superuser.query(`GRANT shop TO ${server.admin.user} WITH ADMIN OPTION`);
  await superuser.query('CREATE DATABASE shop OWNER shop');
  await superuser.end();
  const asShop = async (work: (client: Awaited<ReturnType<Postgres['connect']>>) => Promise<unknown>) => {
    const client = await server.connect(shop, 'shop');
    await work(client).finally(() => client.end());
  };
  await asShop((client) => client.query(SHOP));
  return { server, runNightly: () => asShop(nightly) };
}
