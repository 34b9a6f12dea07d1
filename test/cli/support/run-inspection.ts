import type { Client } from 'pg';
import { DatabaseAnswers, parseOutput } from '../../../lib/cli/inspection/answers';
import { inspectionParts } from '../../../lib/cli/inspection/parts';

export const SPEC = { roleName: 'datafold', tempSchema: 'datafold_tmp' };

/** Runs the queries of an inspection one by one; what they return, line by line. */
export async function inspectionOutput(client: Client, spec = SPEC): Promise<string> {
  await client.query('SET default_transaction_read_only = on; SET search_path = pg_catalog, pg_temp');
  const lines: string[] = [];
  for (const { sql } of inspectionParts(spec)) {
    const { rows } = await client.query<{ datafold: string }>(sql);
    lines.push(...rows.map((row) => row.datafold));
  }
  await client.query('RESET default_transaction_read_only; RESET search_path');
  return lines.join('\n');
}

/** What an inspection of the client's database found. */
export async function inspectDatabase(client: Client, spec = SPEC): Promise<DatabaseAnswers> {
  return parseOutput(await inspectionOutput(client, spec))[0];
}
