import type { AccessSpec } from '../../../private/wire/sql';
import { ident, literal } from '../identifiers';
import type { Statement } from './statement';

/** Limits of a role, as they stand. */
export interface RoleLimits {
  /** -1: none. */
  readonly connectionLimit: number;
  /** What an adopted role had before a run set another one: its comment says so. */
  readonly originalConnectionLimit: number | null;
  /** The settings of statement_timeout that hold for the role in one database each, as they were written. */
  readonly statementTimeouts: readonly { readonly databaseName: string; readonly value: string }[];
}

type DesiredLimits = Pick<AccessSpec, 'roleName' | 'connectionLimit' | 'statementTimeoutMs' | 'databases'>;

export interface LimitsPlan {
  readonly statements: readonly Statement[];
  readonly notices: readonly string[];
}

/** Ends the comment of an adopted role whose connection limit a run has set; `#` is the one that it had. */
export const LIMIT_RECORD = ' [cdk-datafold-postgres: CONNECTION LIMIT # before]';

const recordOf = (limit: number) => LIMIT_RECORD.replace('#', String(limit));

/**
 * Sets the limits that are wanted, and takes back those that `previous` asked for and nobody wants any more.
 *
 * An adopted role gets back the connection limit that it had. Its statement_timeout is set for each database, where it goes
 * before that of the role itself, which stays; one that somebody else set for a database stays too.
 */
export function planRoleLimits(
  desired: Partial<DesiredLimits> & Pick<DesiredLimits, 'roleName'>,
  previous: Partial<DesiredLimits> | undefined,
  found: RoleLimits,
  isOurs: boolean,
): LimitsPlan {
  const timeouts = planTimeouts(desired, previous, found, isOurs);
  return {
    ...timeouts,
    statements: [...planLimit(desired, previous, found, isOurs), ...timeouts.statements],
  };
}

function planLimit(
  { roleName, connectionLimit: desired }: Pick<DesiredLimits, 'roleName' | 'connectionLimit'>,
  previous: Pick<DesiredLimits, 'connectionLimit'> | undefined,
  { connectionLimit: now, originalConnectionLimit: original }: RoleLimits,
  isOurs: boolean,
): Statement[] {
  const set = (limit: number): Statement[] =>
    limit === now ? [] : [{ text: `ALTER ROLE ${ident(roleName)} CONNECTION LIMIT ${limit}` }];
  if (desired !== undefined) {
    const record =
      isOurs || original !== null || desired === now ? [] : [appendToComment(roleName, recordOf(now))];
    return [...record, ...set(desired)];
  }
  const isUnchanged = now === previous?.connectionLimit;
  if (isOurs) return isUnchanged ? set(-1) : [];
  if (original === null) return [];
  return [...(isUnchanged ? set(original) : []), removeFromComment(roleName, recordOf(original))];
}

function planTimeouts(
  { roleName, statementTimeoutMs, databases = [] }: Partial<DesiredLimits> & Pick<DesiredLimits, 'roleName'>,
  previous: Partial<DesiredLimits> | undefined,
  { statementTimeouts }: RoleLimits,
  isOurs: boolean,
): LimitsPlan {
  const statements: Statement[] = [];
  const notices: string[] = [];
  const names = databases.map(({ databaseName }) => databaseName);
  const now = (name: string) => statementTimeouts.find(({ databaseName }) => databaseName === name)?.value;
  const alter = (name: string, change: string) =>
    statements.push({ text: `ALTER ROLE ${ident(roleName)} IN DATABASE ${ident(name)} ${change}` });
  const desired = statementTimeoutMs === undefined ? undefined : timeoutText(statementTimeoutMs);
  for (const name of desired === undefined ? [] : names) {
    const value = now(name);
    if (value === desired) continue;
    if (isOurs || value === undefined || isTimeoutOfRun(value))
      alter(name, `SET statement_timeout = '${desired}'`);
    else
      notices.push(
        `Role ${ident(roleName)} keeps statement_timeout=${value} in database ${ident(name)}, which somebody else has set.`,
      );
  }
  const previousNames = (previous?.databases ?? []).map(({ databaseName }) => databaseName);
  for (const name of new Set([...previousNames, ...names])) {
    const isDesired = desired !== undefined && names.includes(name);
    if (!isDesired && isTimeoutOfRun(now(name) ?? '')) alter(name, 'RESET statement_timeout');
  }
  return { statements, notices };
}

/** PostgreSQL keeps a value as it was written. Nobody else writes it so: by that a setting of a run is known. */
const timeoutText = (ms: number) => `+${ms} ms`;

const isTimeoutOfRun = (value: string) => /^\+\d+ ms$/.test(value);

/** On the server, so that no text of others has to be read. */
function appendToComment(roleName: string, record: string): Statement {
  return setComment(roleName, `coalesce(was, '') || ${literal(record).trim()}`);
}

function removeFromComment(roleName: string, record: string): Statement {
  return setComment(roleName, `nullif(left(was, -${record.length}), '')`);
}

function setComment(roleName: string, to: string): Statement {
  const body = `DECLARE was text := (SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ${literal(roleName).trim()}); BEGIN EXECUTE format('COMMENT ON ROLE %I IS %L', ${literal(roleName).trim()}, ${to}); END`;
  return { text: `DO ${literal(body).trim()}` };
}
