import type { ProblemKind, ReadProblem } from '../catalog/read-problems';
import { ident, idents, literal, qualified } from '../identifiers';
import { grantSelect } from './privileges';

/** The effect of a problem: reading fails, rows may be hidden, or the verification did not read the relation. */
export type Outcome = 'fails' | 'hides' | 'unproven';

/** Ordered by severity: a view has the worst outcome of the relations that it reads. */
const OUTCOMES: readonly Outcome[] = ['fails', 'hides', 'unproven'];

const OUTCOME_OF: Readonly<Record<ProblemKind, Outcome>> = {
  select: 'fails',
  execute: 'fails',
  'not-populated': 'fails',
  'no-handler': 'fails',
  'no-mapping': 'fails',
  unreachable: 'fails',
  extension: 'fails',
  'row-security-off': 'fails',
  'no-policy': 'hides',
  policy: 'hides',
  'restrictive-policy': 'hides',
  function: 'unproven',
  'not-tried': 'unproven',
};

/** Returns what a problem does to a read. */
export function outcomeOf({ kind }: ReadProblem): Outcome {
  return OUTCOME_OF[kind];
}

/** Returns the worst problem of each relation. A view also has the problems of the views that it reads, at any depth. */
export function worstProblems(
  problems: readonly ReadProblem[],
  viewsInViews: readonly (readonly [below: number, view: number])[],
): Map<number, ReadProblem> {
  const above = new Map<number, number[]>();
  for (const [below, view] of viewsInViews) above.set(below, [...(above.get(below) ?? []), view]);
  const worst = new Map<number, ReadProblem>();
  for (const outcome of OUTCOMES) {
    const waiting: [number, ReadProblem][] = problems
      .filter((problem) => outcomeOf(problem) === outcome)
      .map((problem) => [problem.relation, problem]);
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [relation, problem] = next;
      if (worst.has(relation)) continue;
      worst.set(relation, problem);
      for (const view of above.get(relation) ?? []) waiting.push([view, problem]);
    }
  }
  return worst;
}

const FOR_ADMINISTRATORS =
  'PostgreSQL reserves this object for administrators: ignore the view, or change it not to use the object.';
const MAX_QUAL_CHARACTERS = 500;

/** Returns the reason of a problem and the next step: statements, or a sentence. */
export function explainProblem(problem: ReadProblem, role: string): { reason: string; next: string } {
  const { kind, schema, name, detail, reader } = problem;
  const isPostgres = schema === 'pg_catalog' || schema === 'information_schema';
  const object = schema === null ? ident(name) : qualified(schema, name);
  switch (kind) {
    case 'select':
      return {
        reason: `it reads ${object} as ${ident(reader)}, which lacks SELECT`,
        next: isPostgres ? FOR_ADMINISTRATORS : `${grantSelect(object, reader)};`,
      };
    case 'execute': {
      const call = `${object}(${detail ?? ''})`;
      return {
        reason: `it calls function ${call}, on which ${ident(reader)} lacks EXECUTE`,
        next: isPostgres ? FOR_ADMINISTRATORS : `GRANT EXECUTE ON FUNCTION ${call} TO ${ident(reader)};`,
      };
    }
    case 'not-populated':
      return {
        reason: `materialized view ${object} is not populated`,
        next: `REFRESH MATERIALIZED VIEW ${object};`,
      };
    case 'no-handler':
      return {
        reason: `the foreign-data wrapper of foreign table ${object} has no handler`,
        next: `Set a handler (ALTER FOREIGN DATA WRAPPER … HANDLER …), or exclude the table.`,
      };
    case 'no-mapping':
      return {
        reason: `${ident(reader)} has no user mapping for foreign server ${ident(detail!)} of ${object}`,
        next: `CREATE USER MAPPING FOR ${ident(reader)} SERVER ${ident(detail!)} OPTIONS (user '…', password '…');`,
      };
    case 'unreachable':
      return {
        reason: `${ident(reader)} cannot read from foreign server ${ident(detail!)} of ${object}`,
        next: `Check the options of the server and of the user mapping, and the network between the two servers.`,
      };
    case 'not-tried':
      return {
        reason: `foreign server ${ident(detail!)} of ${object} was not tested, because connecting to it may never time out`,
        next: `ALTER SERVER ${ident(detail!)} OPTIONS (ADD connect_timeout '5');`,
      };
    case 'extension':
      return {
        reason: `extension ${object} does not grant it`,
        next: `If Datafold needs it, grant SELECT as its owner.`,
      };
    case 'row-security-off':
      return {
        reason: `row_security is off for ${ident(role)}, and row-level security of ${object} applies to ${ident(reader)}`,
        next: `ALTER ROLE ${ident(role)} SET row_security = on;`,
      };
    case 'function':
      return {
        reason: `it calls function ${object}(${detail ?? ''}), which the verification does not call`,
        next: `Test it: read it as ${ident(role)}.`,
      };
    case 'no-policy':
      return {
        reason: `row-level security of ${object} shows no rows to ${ident(reader)}`,
        next: showAll(problem, role, object),
      };
    case 'policy':
      return {
        reason: `policies of ${object} for ${ident(reader)} decide which rows it sees`,
        next: showAll(problem, role, object),
      };
    case 'restrictive-policy': {
      const names = (problem.policies ?? []).filter(({ restrictive }) => restrictive);
      return {
        reason: `restrictive policies of ${object} for ${ident(reader)} (${idents(names.map((one) => one.name))}) hide rows`,
        next: showAll(problem, role, object),
      };
    }
  }
}

/**
 * Returns statements that show all rows to the role. Under a view, the new policy compares current_user: a policy for the owner of
 * the view would show all rows to everybody who reads the view.
 */
function showAll(problem: ReadProblem, role: string, object: string): string {
  const { reader, isCurrentUser, isNameTaken, isShown, kind } = problem;
  const policies = problem.policies ?? [];
  const isRole = `current_user = ${literal(role)}`;
  const altered = policies.filter(({ restrictive }) => restrictive || !(isCurrentUser || isShown));
  const isPermitted = isShown || altered.some(({ restrictive }) => !restrictive);
  const name = ident(isNameTaken ? `${role}_reads` : role);
  const qual = isCurrentUser ? 'true' : isRole;
  return [
    ...altered.map((policy) => {
      const rest = policy.qual.length > MAX_QUAL_CHARACTERS ? '…' : `(${policy.qual})`;
      return `ALTER POLICY ${ident(policy.name)} ON ${object} USING (${isRole} OR ${rest});`;
    }),
    ...(isPermitted && kind !== 'no-policy'
      ? []
      : [`CREATE POLICY ${name} ON ${object} FOR SELECT TO ${ident(reader)} USING (${qual});`]),
  ].join(' ');
}
