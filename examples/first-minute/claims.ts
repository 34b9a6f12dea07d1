import { randomBytes } from 'node:crypto';
import type { Check } from '../../lib/cli/doctor/check';
import { DATABASE, type Shop } from './database';
import { claim, heading, line } from './print';
import { sqlRunnerFor } from './sql-runner';

const READ = 'SELECT count(*)::int AS value FROM sales.purchase';
const WRITES = [
  `INSERT INTO sales.purchase VALUES (9, 1, 1, '2026-11-09')`,
  'CREATE TABLE reporting.mine (id int)',
  'DROP TABLE sales.purchase',
];

/**
 * Shows on the server what this library promises: access by a run, no write, nothing to do for a second run, exact removal.
 *
 * Returns the steps of Datafold's own test as the checks of a report.
 */
export async function showClaims(shop: Shop): Promise<Check[]> {
  const { server, asDatafold, catalog } = shop;
  const sqlRunner = sqlRunnerFor(server, DATABASE);
  const password = randomBytes(20).toString('hex');
  const before = await catalog();

  heading('1. Refused before, allowed after');
  const first = await asDatafold(password, READ);
  claim(first.refused !== undefined, `before: ${READ}`, first.refused);
  const { statements, databases } = await sqlRunner.apply(password);
  line(`${statements} statements by the function that cdk deploy runs in your VPC`);
  const after = await asDatafold(password, READ);
  claim(after.value === 3, `after: ${READ}`, after.refused ?? `${String(after.value)} rows`);
  for (const { step, ok, message } of databases[0].steps)
    claim(ok, `${step} of Datafold's own test`, message);

  heading('2. A write is refused');
  for (const sql of WRITES) {
    const { refused } = await asDatafold(password, sql);
    claim(refused !== undefined, sql, refused);
  }
  claim(
    !server.log().includes(password),
    'The password is nowhere in the log of the server',
    'PostgreSQL is sent a verifier',
  );

  heading('3. A second run sends no statement');
  const second = await sqlRunner.apply(password);
  claim(second.statements === 0, 'the same deployment again', `${second.statements} statements`);

  heading('4. Removal is exact');
  const removal = await sqlRunner.remove();
  claim(removal.finished, 'cdk destroy', `${removal.statements} statements`);
  const lines = before.split('\n').length;
  claim(
    (await catalog()) === before,
    `roles, owners and privileges are as before`,
    `${lines} entries of the catalog compared`,
  );
  return databases[0].steps.map(({ step, ok, message }) => ({
    ...{ check: step, subject: DATABASE, status: ok ? 'ok' : 'failed', message },
  }));
}
