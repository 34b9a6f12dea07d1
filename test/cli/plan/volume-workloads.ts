import type { Client } from 'pg';

/** A workload, as its clients send it. */
export interface Workload {
  readonly name: string;
  readonly protocol: 'simple' | 'extended';
  /** Tables of which the log is not measured. */
  readonly prepare: string;
  run(client: Client): Promise<void>;
}

const PGBENCH_TABLES = `CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84));
  CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int); CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int);
  CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
  INSERT INTO pgbench_accounts SELECT a, 1, 0, '' FROM generate_series(1, 1000) a;
  INSERT INTO pgbench_branches VALUES (1, 0); INSERT INTO pgbench_tellers SELECT t, 1, 0 FROM generate_series(1, 10) t; ANALYZE`;

/** The default script of pgbench, with other random numbers. */
function transaction(i: number) {
  const [aid, tid, delta] = [((i * 7919) % 100_000) + 1, (i % 10) + 1, ((i * 31) % 10_000) - 5_000];
  return { aid, tid, delta };
}

const PGBENCH: Workload = {
  name: 'pgbench, simple protocol',
  protocol: 'simple',
  prepare: PGBENCH_TABLES,
  async run(client) {
    for (let i = 0; i < 300; i++) {
      const { aid, tid, delta } = transaction(i);
      await client.query('BEGIN');
      await client.query(`UPDATE pgbench_accounts SET abalance = abalance + ${delta} WHERE aid = ${aid};`);
      await client.query(`SELECT abalance FROM pgbench_accounts WHERE aid = ${aid};`);
      await client.query(`UPDATE pgbench_tellers SET tbalance = tbalance + ${delta} WHERE tid = ${tid};`);
      await client.query(`UPDATE pgbench_branches SET bbalance = bbalance + ${delta} WHERE bid = 1;`);
      await client.query(
        `INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (${tid}, 1, ${aid}, ${delta}, CURRENT_TIMESTAMP);`,
      );
      await client.query('END');
    }
  },
};

const PGBENCH_EXTENDED: Workload = {
  name: 'pgbench, extended protocol',
  protocol: 'extended',
  prepare: PGBENCH_TABLES,
  async run(client) {
    for (let i = 0; i < 300; i++) {
      const { aid, tid, delta } = transaction(i);
      await client.query('UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2', [delta, aid]);
      await client.query('UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2', [delta, tid]);
      await client.query('UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2', [delta, 1]);
      await client.query(
        'INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP)',
        [tid, 1, aid, delta],
      );
    }
  },
};

const ORDERS = `CREATE TABLE orders (id bigint, customer_id int, placed_at timestamptz, state text, note text, total numeric(12, 2))`;

const orderOf = (i: number) => ({
  id: 1_000_000 + i,
  customer: i % 5_000,
  placed: `2026-11-${String((i % 28) + 1).padStart(2, '0')} 12:${String(i % 60).padStart(2, '0')}:07+00`,
  state: ['new', 'paid', 'shipped', 'returned'][i % 4],
  note: i % 3 === 0 ? `left at the door of number ${i}` : '',
  total: ((i * 7) % 90_000) / 100,
});

/** A load job that writes rows by INSERT, 200 at a time. */
const BULK: Workload = {
  name: 'bulk loads by INSERT',
  protocol: 'simple',
  prepare: ORDERS,
  async run(client) {
    for (let batch = 0; batch < 40; batch++) {
      const rows = Array.from({ length: 200 }, (_, i) => orderOf(batch * 200 + i)).map(
        ({ id, customer, placed, state, note, total }) =>
          `(${id}, ${customer}, '${placed}', '${state}', '${note}', ${total})`,
      );
      await client.query(
        `INSERT INTO orders (id, customer_id, placed_at, state, note, total) VALUES ${rows.join(', ')}`,
      );
    }
  },
};

/** A load job that sends each column as an array. */
const BULK_ARRAYS: Workload = {
  name: 'bulk loads by INSERT from arrays',
  protocol: 'extended',
  prepare: ORDERS,
  async run(client) {
    for (let batch = 0; batch < 40; batch++) {
      const rows = Array.from({ length: 200 }, (_, i) => orderOf(batch * 200 + i));
      await client.query(
        'INSERT INTO orders SELECT * FROM unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::numeric[])',
        [
          rows.map(({ id }) => id),
          rows.map(({ customer }) => customer),
          rows.map(({ placed }) => placed),
          rows.map(({ state }) => state),
          rows.map(({ note }) => note),
          rows.map(({ total }) => total),
        ],
      );
    }
  },
};

const MODELS = ['customers', 'orders', 'payments', 'revenue_by_month', 'churn'];

/** Models are built beside the former tables, which they replace, as dbt does. */
const DBT: Workload = {
  name: 'dbt-like transformations',
  protocol: 'simple',
  prepare: `CREATE SCHEMA raw; CREATE SCHEMA marts; CREATE TABLE raw.events (id int, customer_id int, kind text, at timestamptz, amount numeric);
    INSERT INTO raw.events SELECT i, i % 50, 'paid', now(), i FROM generate_series(1, 500) i`,
  async run(client) {
    for (let run = 0; run < 12; run++) {
      for (const model of MODELS) {
        await client.query('BEGIN');
        await client.query(
          `/* {"app": "dbt", "dbt_version": "1.9.1", "profile_name": "shop", "target_name": "prod", "node_id": "model.shop.${model}"} */\n\n  create  table "shop"."marts"."${model}__dbt_tmp"\n  as\n  (\n    with source as (\n      select id, customer_id, kind, at, amount\n      from raw.events\n      where kind = 'paid'\n    ),\n    ranked as (\n      select *, row_number() over (partition by customer_id order by at desc) as position\n      from source\n    )\n    select customer_id, count(*) as ${model}_count, sum(amount) as total, max(at) as last_at\n    from ranked\n    where position < 100\n    group by customer_id\n  );`.replaceAll(
            '"shop".',
            '',
          ),
        );
        await client.query(`alter table if exists "marts"."${model}" rename to "${model}__dbt_backup"`);
        await client.query(`alter table "marts"."${model}__dbt_tmp" rename to "${model}"`);
        await client.query('COMMIT');
        await client.query(`drop table if exists "marts"."${model}__dbt_backup" cascade`);
        await client.query(
          `/* incremental */ insert into marts.${model} (customer_id, ${model}_count) select customer_id, count(*) from raw.events where id > ${run * 10} group by customer_id`,
        );
      }
    }
  },
};

export const WORKLOADS = [PGBENCH, PGBENCH_EXTENDED, BULK, BULK_ARRAYS, DBT];
