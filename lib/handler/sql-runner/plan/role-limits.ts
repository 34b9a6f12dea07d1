import type { AccessSpec } from '../../../private/wire/sql';
import { ident } from '../identifiers';
import { type OwnerEntry, specIn } from '../role-record';
import type { Statement } from './statement';

/** Limits of a role, as they stand. */
export interface RoleLimits {
  /** -1: none. */
  readonly connectionLimit: number;
  /** What an adopted role had before a run set another one: its record says so. */
  readonly originalConnectionLimit: number | null;
  /** The settings of statement_timeout that hold for the role in one database each, as they were written. */
  readonly statementTimeouts: readonly { readonly databaseName: string; readonly value: string }[];
}

type DesiredLimits = Pick<AccessSpec, 'roleName' | 'connectionLimit' | 'statementTimeoutMs' | 'databases'>;

export interface LimitsPlan {
  readonly statements: readonly Statement[];
  readonly notices: readonly string[];
  /** What the record of an adopted role is to say of the connection limit that it had before. */
  readonly originalConnectionLimit: number | null;
}

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
  coOwners: readonly OwnerEntry[] = [],
): LimitsPlan {
  const timeouts = planTimeouts(desired, previous, found, isOurs, coOwners);
  const connectionLimit = lowest([desired, ...coOwners].map((one) => one.connectionLimit));
  const limit = planLimit({ ...desired, connectionLimit }, previous, found, isOurs);
  return { ...timeouts, ...limit, statements: [...limit.statements, ...timeouts.statements] };
}

function planLimit(
  { roleName, connectionLimit: desired }: Pick<DesiredLimits, 'roleName' | 'connectionLimit'>,
  previous: Pick<DesiredLimits, 'connectionLimit'> | undefined,
  { connectionLimit: now, originalConnectionLimit: original }: RoleLimits,
  isOurs: boolean,
): Omit<LimitsPlan, 'notices'> {
  const set = (limit: number): Statement[] =>
    limit === now ? [] : [{ text: `ALTER ROLE ${ident(roleName)} CONNECTION LIMIT ${limit}` }];
  if (desired !== undefined) {
    const isKnown = isOurs || original !== null || desired === now;
    return { statements: set(desired), originalConnectionLimit: isKnown ? original : now };
  }
  const isUnchanged = now === previous?.connectionLimit;
  const before = isOurs ? -1 : original;
  return { statements: isUnchanged && before !== null ? set(before) : [], originalConnectionLimit: null };
}

function planTimeouts(
  { roleName, statementTimeoutMs, databases = [] }: Partial<DesiredLimits> & Pick<DesiredLimits, 'roleName'>,
  previous: Partial<DesiredLimits> | undefined,
  { statementTimeouts }: RoleLimits,
  isOurs: boolean,
  coOwners: readonly OwnerEntry[],
): Pick<LimitsPlan, 'statements' | 'notices'> {
  const statements: Statement[] = [];
  const notices: string[] = [];
  const names = databases.map(({ databaseName }) => databaseName);
  const now = (name: string) => statementTimeouts.find(({ databaseName }) => databaseName === name)?.value;
  const alter = (name: string, change: string) =>
    statements.push({ text: `ALTER ROLE ${ident(roleName)} IN DATABASE ${ident(name)} ${change}` });
  const previousNames = (previous?.databases ?? []).map(({ databaseName }) => databaseName);
  const all = [...new Set([...previousNames, ...names])];
  const desiredIn = (name: string) =>
    lowest([
      names.includes(name) ? statementTimeoutMs : undefined,
      ...coOwners.map((entry) => specIn(entry, name) && entry.statementTimeoutMs),
    ]);
  for (const name of all) {
    const timeout = desiredIn(name);
    const [value, desired] = [now(name), timeout === undefined ? undefined : timeoutText(timeout)];
    if (desired === undefined || value === desired) continue;
    if (isOurs || value === undefined || isTimeoutOfRun(value))
      alter(name, `SET statement_timeout = '${desired}'`);
    else
      notices.push(
        `Role ${ident(roleName)} keeps statement_timeout=${value} in database ${ident(name)}, which another role has set.`,
      );
  }
  for (const name of all)
    if (desiredIn(name) === undefined && isTimeoutOfRun(now(name) ?? ''))
      alter(name, 'RESET statement_timeout');
  return { statements, notices };
}

/** Of the limits that several owners ask for, the one within which all are. */
function lowest(limits: readonly (number | undefined)[]): number | undefined {
  const some = limits.filter((limit) => limit !== undefined);
  return some.length === 0 ? undefined : Math.min(...some);
}

/** PostgreSQL keeps a value as it was written. Nobody else writes it so: by that a setting of a run is known. */
const timeoutText = (ms: number) => `+${ms} ms`;

const isTimeoutOfRun = (value: string) => /^\+\d+ ms$/.test(value);
