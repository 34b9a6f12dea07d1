import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../lib/cli/doctor/check';
import { collectLog } from '../../lib/cli/doctor/report/collect';
import type { Report } from '../../lib/cli/doctor/report/model';
import { asPage } from '../../lib/cli/doctor/report/page/page';
import { edgesAsText } from '../../lib/cli/doctor/report/text';
import type { LogEvent } from '../../lib/cli/statement-log/entry';
import { version } from '../../lib/cli/files';
import type { Shop } from './database';
import { claim, heading, line } from './print';

const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';
const FOLDER = 'cdk.out';
const FILE = 'first-minute.html';
const HOUR_MS = 3_600_000;

/** Shows the lineage in the log of a day of the shop, and writes the page of `doctor --report` for it and for the checks. */
export async function showLineage({ server, runADay }: Shop, checks: readonly Check[]): Promise<void> {
  const before = server.log().length;
  await runADay();
  const events = eventsIn(server.log().slice(before));
  heading('5. The lineage in the statement log of a day');
  const to = Date.now() + 1_000;
  const log = await collectLog(
    {
      readEvents: async (query) => ({ events: events.filter(({ at }) => at >= query.from && at < query.to) }),
      findServer: async () => undefined,
      findLogGroup: async () => undefined,
      eventsOf: async () => [],
    },
    { logGroupName: LOG_GROUP, region: 'us-east-1', datafoldRoles: ['datafold'] },
    { from: to - HOUR_MS, to, maxBytes: 1e6 },
    () => undefined,
  );
  const { edges, statements, carrying } = log.coverage;
  edgesAsText(edges, { columns: Infinity }).trimEnd().split('\n').forEach(line);
  claim(
    edges.some(({ source, target }) => source === 'sales.purchase' && target === 'reporting.recent_buyers'),
    `${carrying} of ${statements} statements carry lineage`,
    'rows are followed through the temporary table of the job',
  );
  const report: Report = {
    version: version(),
    generatedAt: to,
    subject: 'Shop',
    ok: true,
    checks,
    logs: [log],
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, FILE), asPage(report));
  line(`As a page, which doctor --report writes for your log: ${join(FOLDER, FILE)}`);
}

/** The log as CloudWatch has it: an event for each entry, with its continuation lines. */
function eventsIn(log: string): LogEvent[] {
  return log
    .trimEnd()
    .split(/\n(?!\t)/)
    .map((message) => ({
      stream: 'shop-1.0',
      at: Date.parse(`${message.slice(0, 19).replace(' ', 'T')}Z`),
      message,
    }));
}
