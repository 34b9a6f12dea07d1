import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

test('npm start shows what the library promises, and writes the page of a report', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'first-minute-'));
  const args = [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), join(ROOT, 'examples/first-minute/index.ts')];
  const { status, out } = await new Promise<{ status: number; out: string }>((resolve) =>
    execFile(process.execPath, args, { cwd }, (error, out, errors) =>
      resolve({ status: error ? 1 : 0, out: out + errors }),
    ),
  );
  const stable = out.replace(/(PostgreSQL )[\d.]*\d/g, '$1N').replace(/\d+ entries/, 'N entries');
  expect(stable.trimEnd().split('\n')).toEqual([
    '   PostgreSQL N with a small shop; its administrator is like that of RDS: CREATEROLE, no superuser.',
    '',
    '1. Refused before, allowed after',
    '   ✔ before: SELECT count(*)::int AS value FROM sales.purchase: password authentication failed for user "datafold"',
    '   7 statements by the function that cdk deploy runs in your VPC',
    '   ✔ after: SELECT count(*)::int AS value FROM sales.purchase: 3 rows',
    '   ✔ connection of Datafold\'s own test: Connected to database "shop" as "datafold" over TLS (PostgreSQL N).',
    '   ✔ temp_schema of Datafold\'s own test: Tables can be created in schema "datafold_tmp".',
    "   ✔ schema_download of Datafold's own test: 3 of 3 relations in 3 schemas can be read.",
    "   ✔ lineage_download of Datafold's own test: log_statement is mod.",
    '',
    '2. A write is refused',
    "   ✔ INSERT INTO sales.purchase VALUES (9, 1, 1, '2026-11-09'): permission denied for table purchase",
    '   ✔ CREATE TABLE reporting.mine (id int): permission denied for schema reporting',
    '   ✔ DROP TABLE sales.purchase: must be owner of table purchase',
    '   ✔ The password is nowhere in the log of the server: PostgreSQL is sent a verifier',
    '',
    '3. A second run sends no statement',
    '   ✔ the same deployment again: 0 statements',
    '',
    '4. Removal is exact',
    '   ✔ cdk destroy: 5 statements',
    '   ✔ roles, owners and privileges are as before: N entries of the catalog compared',
    '',
    '5. The lineage in the statement log of a day',
    '   sales.purchase ──▶ reporting.revenue        2 statements  shop',
    '   reporting.revenue ──▶ reporting.board       1 statement   shop',
    '   sales.customer ──▶ reporting.recent_buyers  1 statement   shop',
    '   sales.purchase ──▶ reporting.recent_buyers  1 statement   shop',
    '   sales.customer ──▶ reporting.revenue        1 statement   shop',
    '   ✔ 5 of 7 statements carry lineage: rows are followed through the temporary table of the job',
    '   As a page, which doctor --report writes for your log: cdk.out/first-minute.html',
    '',
    'Next',
    '   npx cdk-datafold-postgres init finds your servers and writes a stack; README.md has the rest.',
  ]);
  expect(status).toBe(0);
  expect(readFileSync(join(cwd, 'cdk.out/first-minute.html'), 'utf8')).toContain('reporting.recent_buyers');
});
