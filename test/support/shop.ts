import { createReachableOwner } from './postgres-server/rds';
import type { TestServer } from './with-server';

/** Two databases with owners, grants and default privileges of their own. */
export async function makeShop(server: TestServer): Promise<void> {
  const admin = await server.connection('postgres', server.postgres.admin);
  for (const role of ['owner', 'reader']) await createReachableOwner(admin, role);
  for (const name of ['app', 'dwh']) {
    await server.freshDatabase(name);
    await server.sql(
      `CREATE SCHEMA shop AUTHORIZATION owner; SET ROLE owner;
       CREATE TABLE shop.items (id int); GRANT SELECT ON shop.items TO reader WITH GRANT OPTION;
       ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO reader;
       SET ROLE master; CREATE TABLE public.own (id int); CREATE SCHEMA "all"; CREATE TABLE "all".a (id int); CREATE TABLE "all".b (id int);
       GRANT SELECT ON "all".a TO reader`,
      name,
    );
  }
}
