import type { Client } from 'pg';

/** The SQL of a small shop, whose tables a separate role owns as in a real database. */
export const SHOP = `
  CREATE SCHEMA sales;
  CREATE SCHEMA reporting;
  CREATE TABLE sales.customer (id int PRIMARY KEY, name text, country text);
  CREATE TABLE sales.purchase (id int PRIMARY KEY, customer_id int REFERENCES sales.customer, amount numeric, day date);
  CREATE VIEW reporting.countries AS SELECT DISTINCT country FROM sales.customer;
  INSERT INTO sales.customer VALUES (1, 'Ada', 'GB'), (2, 'Blaise', 'FR'), (3, 'Carl', 'DE');
  INSERT INTO sales.purchase VALUES (1, 1, 120, '2026-11-01'), (2, 2, 80, '2026-11-02'), (3, 1, 40, '2026-11-02');
`;

/** The statements of the shop's nightly job, from which Datafold derives lineage. */
const NIGHTLY = [
  `CREATE TABLE reporting.revenue AS
     SELECT c.country, p.day, sum(p.amount) AS amount FROM sales.purchase p JOIN sales.customer c ON c.id = p.customer_id GROUP BY 1, 2`,
  `INSERT INTO reporting.revenue SELECT 'all', day, sum(amount) FROM sales.purchase GROUP BY day`,
  `CREATE TEMP TABLE recent AS SELECT * FROM sales.purchase WHERE day > '2026-11-01'`,
  `CREATE TABLE reporting.recent_buyers AS SELECT c.name, r.amount FROM recent r JOIN sales.customer c ON c.id = r.customer_id`,
  `CREATE VIEW reporting.board AS SELECT country, sum(amount) AS amount FROM reporting.revenue GROUP BY country`,
];

/** The statements that the shop runs all day: rows from outside, without lineage. */
const ALL_DAY = [
  `INSERT INTO sales.purchase VALUES (4, 3, 99, '2026-11-03')`,
  `UPDATE sales.purchase SET amount = 100 WHERE id = 4`,
];

/** Runs a day of the shop as the role that owns the tables. */
export async function aDay(shop: Client): Promise<void> {
  for (const statement of [...ALL_DAY, ...NIGHTLY]) await shop.query(statement);
}
