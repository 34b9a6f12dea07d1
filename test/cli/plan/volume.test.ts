import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { estimateVolume } from '../../../lib/cli/plan/volume/estimate';
import type { VolumeFacts } from '../../../lib/cli/plan/volume/facts';
import { volumeFactsFrom } from '../../../lib/cli/plan/volume/facts-from';
import { withServer } from '../../support/with-server';
import { inspectDatabase } from '../support/run-inspection';
import { WORKLOADS, type Workload } from './volume-workloads';

const FACTOR = 1.5;
const A_DAY = 86_400;
const server = withServer({ settings: { shared_preload_libraries: 'pg_stat_statements' } });

/** Runs a workload as if it took a day: the bytes that it adds to the log, and what pg_stat_statements shows of it. */
async function measure({ prepare, run }: Workload): Promise<{ logged: number; facts: VolumeFacts }> {
  const { postgres, sql } = server;
  await server.freshDatabase('shop');
  await sql('CREATE EXTENSION pg_stat_statements', 'shop');
  await sql('ALTER SCHEMA public OWNER TO master', 'shop');
  await sql(prepare, 'shop', postgres.admin);
  const [admin, client] = [
    await server.connection('shop', postgres.admin),
    await server.connection('shop', postgres.admin),
  ];
  await sql('SELECT pg_stat_statements_reset()', 'shop');
  const before = entriesIn(postgres.log()).length;
  await run(client);
  const logged = entriesIn(postgres.log()).length - before;
  await flush(client);
  await sql('ANALYZE', 'shop');
  const facts = volumeFactsFrom([await inspectDatabase(admin)])!;
  return { logged, facts: { ...facts, seconds: A_DAY } };
}

/** Makes the statistics of a session visible: PostgreSQL sends them once a second. */
async function flush(client: Client): Promise<void> {
  if (server.postgres.versionNum >= 150000) await client.query('SELECT pg_stat_force_next_flush()');
  else await sleep(1_100).then(() => client.query('SELECT'));
}

/** The entries of the client, as RDS exports them. */
const entriesIn = (log: string) =>
  log
    .split(/\n(?=\d{4}-\d\d-\d\d )/)
    .filter((entry) => entry.includes(':master@shop:'))
    .join('\n');

test.each(WORKLOADS)('estimates the log of $name within a factor of 1.5', async (workload) => {
  const { logged, facts } = await measure(workload);
  expect(logged).toBeGreaterThan(50_000);
  const estimates = [undefined, workload.protocol].map(
    (protocol) => estimateVolume({ ...facts, protocols: protocol ? { master: protocol } : {} }).bytesPerDay,
  );
  for (const { low, likely, high } of estimates) {
    expect(likely).toBeGreaterThan(logged / FACTOR);
    expect(likely).toBeLessThan(logged * FACTOR);
    expect(low).toBeLessThanOrEqual(logged);
    expect(high).toBeGreaterThanOrEqual(logged);
  }
});

test('a view that another role named like one of pg_stat_statements is not read: its functions would run as the administrator', async () => {
  await server.freshDatabase('shop');
  await server.sql(
    `CREATE EXTENSION pg_stat_statements VERSION '1.8';
     CREATE FUNCTION public.called() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'called'; END $$;
     CREATE VIEW public.pg_stat_statements_info AS SELECT public.called() AS stats_reset, 0::int8 AS dealloc;
     GRANT SELECT ON public.pg_stat_statements_info TO PUBLIC`,
    'shop',
  );
  const admin = await server.connection('shop', server.postgres.admin);
  expect(volumeFactsFrom([await inspectDatabase(admin)])!.seconds).toBeGreaterThan(0);
});
