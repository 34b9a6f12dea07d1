import type { AccessSpec } from '../../../private/wire/sql';
import { ident } from '../identifiers';
import { type OwnerEntry, specIn } from '../role-record';
import type { Statement } from './statement';

/** The current limits of a role. */
export interface RoleLimits {
  /** -1 stands for no limit. */
  readonly connectionLimit: number;
  /** The original connection limit of an adopted role, from its record. */
  readonly originalConnectionLimit: number | null;
  /** The statement_timeout settings of the role per database, as they were written. */
  readonly statementTimeouts: readonly { readonly databaseName: string; readonly value: string }[];
}

type DesiredLimits = Pick<AccessSpec, 'roleName' | 'connectionLimit' | 'statementTimeout' | 'databases'>;

/** The statements that set the limits of a role. */
export interface LimitsPlan {
  readonly statements: readonly Statement[];
  readonly notices: readonly string[];
  /** The original connection limit to record for an adopted role. */
  readonly originalConnectionLimit: number | null;
}

/**
 * Sets the desired limits and resets those of `previous` that are no longer desired.
 *
 * The original connection limit of an adopted role is restored. statement_timeout is set per database, which overrides the
 * setting of the role itself and leaves it unchanged. A setting per database that another role made is kept.
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
  { roleName, statementTimeout, databases = [] }: Partial<DesiredLimits> & Pick<DesiredLimits, 'roleName'>,
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
      names.includes(name) ? statementTimeout : undefined,
      ...coOwners.map((entry) => specIn(entry, name) && entry.statementTimeout),
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

/** Returns the lowest of the limits that owners request; undefined if none requests one. */
function lowest(limits: readonly (number | undefined)[]): number | undefined {
  const some = limits.filter((limit) => limit !== undefined);
  return some.length === 0 ? undefined : Math.min(...some);
}

/** PostgreSQL stores a value as written: the unusual format identifies settings of this library. */
const timeoutText = (ms: number) => `+${ms} ms`;

const isTimeoutOfRun = (value: string) => /^\+\d+ ms$/.test(value);
