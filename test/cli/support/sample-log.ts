import type { LogEvent } from '../../../lib/cli/statement-log/entry';

/** A statement of the sample, as the log of RDS has it. */
interface Sample {
  readonly role: string;
  readonly sql: string;
  readonly database?: string;
  readonly pid?: number;
  readonly parameters?: string;
  readonly fails?: boolean;
  /** How often it runs in each hour. */
  readonly times?: number;
  readonly instance?: string;
}

const STATEMENTS: readonly Sample[] = [
  { role: 'etl', sql: 'TRUNCATE staging.orders' },
  { role: 'etl', sql: "INSERT INTO staging.orders SELECT * FROM sales.orders WHERE day = '2026-11-28'" },
  {
    role: 'etl',
    sql: 'INSERT INTO staging.customers\nSELECT c.*, a.country FROM sales.customers c\n\tJOIN sales.addresses a ON a.customer_id = c.id',
  },
  {
    role: 'etl',
    sql: 'CREATE TABLE marts.revenue__dbt_tmp AS SELECT country, sum(amount) FROM staging.orders JOIN staging.customers USING (id) GROUP BY 1',
  },
  { role: 'etl', sql: 'ALTER TABLE marts.revenue__dbt_tmp RENAME TO revenue' },
  {
    role: 'etl',
    sql: 'MERGE INTO marts.churn USING staging.customers s ON s.id = churn.id WHEN MATCHED THEN DO NOTHING',
  },
  { role: 'etl', sql: 'CREATE TEMP TABLE recent AS SELECT * FROM sales.orders', pid: 77 },
  { role: 'etl', sql: 'INSERT INTO marts.recent_orders SELECT * FROM recent', pid: 77 },
  {
    role: 'etl',
    sql: 'UPDATE marts.revenue SET target = t.amount FROM finance.targets t WHERE t.country = revenue.country',
  },
  {
    role: 'etl',
    sql: 'CREATE OR REPLACE VIEW reporting.board AS SELECT * FROM marts.revenue JOIN marts.churn USING (country)',
  },
  { role: 'etl', sql: "DO $$ BEGIN PERFORM load('secret-in-do'); END $$" },
  { role: 'etl', sql: "CALL etl.load_all('secret-in-call')" },
  { role: 'etl', sql: 'INSERT INTO marts.broken SELECT * FROM nowhere', fails: true },
  { role: 'analyst', sql: 'CREATE TABLE scratch AS SELECT * FROM marts.revenue', database: 'shop' },
  { role: 'analyst', sql: 'REFRESH MATERIALIZED VIEW reporting.old_view' },
  { role: 'billing', sql: 'INSERT INTO ledger.entries SELECT * FROM ledger.invoices', database: 'billing' },
  {
    role: 'app',
    sql: 'INSERT INTO sales.orders (id, amount) VALUES ($1, $2)',
    parameters: "$1 = '4711', $2 = 'secret-bind-value'",
    times: 40,
  },
  {
    role: 'app',
    sql: "UPDATE sales.customers SET name = 'secret-literal' WHERE id = 1 -- secret-comment",
    times: 9,
  },
  { role: 'cron', sql: "DELETE FROM sales.sessions WHERE seen < '2026-11-01'", times: 3, instance: 'shop-2' },
];

/** The events of some hours of a shop with two instances. Each hour is a little busier than the one before. */
export function sampleLog(from: number, hours: number, more: readonly Sample[] = []): LogEvent[] {
  const events: LogEvent[] = [];
  for (let hour = 0; hour < hours; hour += 1)
    for (const { times = 1, ...sample } of [...STATEMENTS, ...more])
      for (let i = 0; i < Math.ceil(times * (1 + hour / hours)); i += 1) {
        const at = from + hour * 3_600_000 + i * 1_000 + 60_000;
        events.push(...entriesOf(sample, at));
      }
  return events.sort((a, b) => a.at - b.at);
}

function entriesOf(
  { role, sql, database = 'shop', pid, parameters, fails, instance = 'shop-1' }: Sample,
  at: number,
): LogEvent[] {
  const id = pid ?? 100 + role.length;
  const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const write = (text: string): LogEvent => ({
    stream: `${instance}.0`,
    at,
    message: `${time} UTC:10.0.0.7(${40_000 + id}):${role}@${database}:[${id}]:${text.replaceAll('\n', '\n\t')}`,
  });
  return [
    write(`LOG:  ${parameters === undefined ? 'statement' : 'execute <unnamed>'}: ${sql}`),
    ...(parameters === undefined ? [] : [write(`DETAIL:  Parameters: ${parameters}`)]),
    ...(fails ? [write('ERROR:  relation "nowhere" does not exist'), write(`STATEMENT:  ${sql}`)] : []),
  ];
}
