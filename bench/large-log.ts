// Makes a report on a log of the size that is named, in a process of its own; prints seconds and the peak of memory as JSON.
import { collectLog } from '../lib/cli/doctor/report/collect';
import { asPage } from '../lib/cli/doctor/report/page/page';
import type { LogEvent } from '../lib/cli/statement-log/entry';

const [bytes, kind] = [Number(process.argv[2]) * 1e6, process.argv[3]];
const [TO, HOURS] = [Date.parse('2026-11-28T12:00:00Z'), 24];
const FROM = TO - HOURS * 3_600_000;
const PAGE_BYTES = 1_000_000;

/** Statements by their number: rows of an application and jobs; or nothing but jobs, each with tables of its own. */
const WORKLOADS: Readonly<Record<string, (n: number) => string>> = {
  mixed: (n) => {
    if (n % 50 === 0)
      return `INSERT INTO marts.m${n % 400} SELECT a.id, ${n}, 'text ${n}' FROM staging.s${n % 60} a JOIN sales.orders o ON o.id = a.id WHERE o.day > '2026-01-0${n % 9}'`;
    if (n % 50 === 1)
      return `INSERT INTO sales.items VALUES ${Array.from({ length: 200 }, (_, i) => `(${n}, ${i}, 'item ${i} of ${n}', 12.5)`).join(', ')}`;
    if (n % 50 === 2) return `CREATE TEMP TABLE t${n % 20} AS SELECT * FROM sales.orders WHERE id > ${n}`;
    return `UPDATE sales.orders\n\tSET state = 'paid', amount = ${n}.5, note = 'it''s number ${n}'\n\tWHERE id = ${n} AND customer_id = ${n * 7}`;
  },
  jobs: (n) =>
    `INSERT INTO marts.made_${n} SELECT a.id, count(*) AS n, sum(a.amount) FROM staging.orders_${n} a LEFT JOIN staging.customers c ON c.id = a.customer_id WHERE a.day = '2026-11-01' GROUP BY 1`,
};

/** A page of the log of an hour. The log is made on the fly, so that it does not count as memory of the report. */
function page(from: number, start: number): { events: LogEvent[]; nextToken?: string } {
  const hour = (from - FROM) / 3_600_000;
  let [n, size] = [start, 0];
  const events: LogEvent[] = [];
  for (; size < Math.min(PAGE_BYTES, bytes / HOURS); n += 1) {
    const pid = 100 + (n % 90);
    const sql = WORKLOADS[kind](hour * 1_000_000 + n);
    const message = `2026-11-28 12:00:00 UTC:10.0.0.${n % 7}(5${pid}):role${n % 12}@shop:[${pid}]:LOG:  statement: ${sql}`;
    events.push({ stream: `shop-${n % 3}.0`, at: from + n, message });
    size += message.length;
  }
  made += size;
  return { events, ...(made < (bytes / HOURS) * (hour + 1) && { nextToken: String(n) }) };
}
let made = 0;

async function main(): Promise<void> {
  const started = process.hrtime.bigint();
  const log = await collectLog(
    {
      readEvents: async ({ from, nextToken = '0' }) => page(from, Number(nextToken)),
      findServer: async () => undefined,
      findLogGroup: async () => undefined,
      eventsOf: async () => [],
    },
    { logGroupName: '/aws/rds/cluster/shop/postgresql', region: 'us-east-1', datafoldRoles: [] },
    { from: FROM, to: TO, maxBytes: bytes * 2 },
    () => undefined,
  );
  const html = asPage({ version: '', generatedAt: TO, subject: 'Shop', ok: true, checks: [], logs: [log] });
  console.log(
    JSON.stringify({
      seconds: Number(process.hrtime.bigint() - started) / 1e9,
      mebibytes: process.resourceUsage().maxRSS / 1024,
      statements: log.coverage.statements,
      parsed: log.coverage.parsedShapes,
      edges: log.coverage.edges.length,
      megabytes: log.sampling.bytesRead / 1e6,
      page: html.length,
    }),
  );
}

void main();
