import type { World } from './world';

/** What somebody's database is like: several owners, grants and default privileges of its own, a second database. */
const APP = `
  CREATE ROLE auditor;
  CREATE ROLE sales_owner;
  GRANT sales_owner TO CURRENT_USER;
  CREATE TABLE public.customers (id int PRIMARY KEY, name text);
  INSERT INTO public.customers VALUES (1, 'Ada'), (2, 'Grace');
  GRANT SELECT ON public.customers TO auditor;
  CREATE SCHEMA sales AUTHORIZATION sales_owner;
  SET ROLE sales_owner;
  CREATE TABLE sales.orders (id int PRIMARY KEY, customer int);
  INSERT INTO sales.orders VALUES (1, 1), (2, 1), (3, 2);
  CREATE VIEW sales.order_count AS SELECT customer, count(*) FROM sales.orders GROUP BY 1;
  ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT SELECT ON TABLES TO auditor;
  RESET ROLE;
  CREATE SCHEMA archive;
  CREATE TABLE archive.old_orders (id int)`;

const WAREHOUSE = `
  CREATE SCHEMA facts;
  CREATE TABLE facts.daily (day date, total numeric);
  INSERT INTO facts.daily VALUES ('2026-01-01', 10)`;

/** Fills a server's database `app` and makes a second one, `warehouse`. */
export async function seed(world: World, server: Record<string, string>): Promise<void> {
  await world.admin(server, 'app', async (client) => client.query(APP));
  await world.admin(server, 'app', async (client) => client.query('CREATE DATABASE warehouse'));
  await world.admin(server, 'warehouse', async (client) => client.query(WAREHOUSE));
}
