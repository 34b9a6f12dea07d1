import type { Session } from '../../handler/sql-runner/connection/session';
import { texts } from './text';

/** Placeholders for values that the script reads with `\gset`: numbers that occur in no query. */
export const ROLE = -101;
export const SCHEMA = -102;
export const SCHEMAS = [-103];
export const MAKERS = [{ schema: -104, creator: -105 }];
export const NO_LIMIT = 2_147_483_647;

/** The psql variables that replace the placeholders. */
const IN_PSQL = new Map([
  [JSON.stringify(ROLE), ':role'],
  [JSON.stringify(SCHEMA), ':schema'],
  [JSON.stringify(SCHEMAS), `:'schemas'`],
  [JSON.stringify([MAKERS[0].schema]), `:'maker_schemas'`],
  [JSON.stringify([MAKERS[0].creator]), `:'maker_owners'`],
]);

/** The query of a catalog function of the sql-runner, with psql variables in place of its parameters. */
export async function queryOf(read: (session: Session) => Promise<unknown>): Promise<string> {
  let query = '';
  const rows = async (text: string, values: unknown[] = []) => {
    query = text.replace(/\$(\d+)/g, (_, n: string) => inPsql(values[Number(n) - 1]));
    return [];
  };
  await read({ rows } as unknown as Session);
  return query
    .replace(/^\s*\n/gm, '')
    .replace(/^ {4}/gm, '')
    .trim();
}

function inPsql(value: unknown): string {
  const known = IN_PSQL.get(JSON.stringify(value));
  if (known !== undefined) return known;
  if (typeof value === 'number') return String(value);
  if (value === null) return 'NULL';
  if (Array.isArray(value) && value.length === 0) return `'{}'`;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return texts(value);
  throw new Error(`No psql variable replaces ${JSON.stringify(value)}`);
}
