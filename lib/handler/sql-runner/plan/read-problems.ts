import type { ProblemKind, ReadProblem } from '../catalog/read-problems';
import { ident, idents, literal, qualified } from '../identifiers';

/** What a relation comes to: reading it fails, rows of it may be hidden, or the verification does not try it. */
export type Outcome = 'fails' | 'hides' | 'unproven';

/** The worst first: a view has the worst of what is below it. */
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

export function outcomeOf({ kind }: ReadProblem): Outcome {
  return OUTCOME_OF[kind];
}

/** The worst problem of each relation that has any: a view also has those of the views that are named in it, at any depth. */
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
  'PostgreSQL keeps that for administrators: leave it so, or let the view do without it.';
const QUAL_LIMIT = 500; // characters

/** Why, and what to do about it: a statement where one does, else a sentence. */
export function explainProblem(problem: ReadProblem, role: string): { reason: string; next: string } {
  const { kind, schema, name, detail, reader } = problem;
  const isPostgres = schema === 'pg_catalog' || schema === 'information_schema';
  const object = schema === null ? ident(name) : qualified(schema, name);
  switch (kind) {
    case 'select':
      return {
        reason: `it reads ${object} as ${ident(reader)}, which may not`,
        next: isPostgres ? FOR_ADMINISTRATORS : `GRANT SELECT ON TABLE ${object} TO ${ident(reader)};`,
      };
    case 'execute': {
      const call = `${object}(${detail ?? ''})`;
      return {
        reason: `it calls function ${call}, which ${ident(reader)} may not`,
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
        next: `Give it one (ALTER FOREIGN DATA WRAPPER … HANDLER …), or exclude the table.`,
      };
    case 'no-mapping':
      return {
        reason: `${ident(reader)} has no user mapping for foreign server ${ident(detail!)} of ${object}`,
        next: `CREATE USER MAPPING FOR ${ident(reader)} SERVER ${ident(detail!)} OPTIONS (user '…', password '…');`,
      };
    case 'unreachable':
      return {
        reason: `foreign server ${ident(detail!)} of ${object} lets ${ident(reader)} read nothing`,
        next: `Check the options of the server and of the user mapping, and the network between the two servers.`,
      };
    case 'not-tried':
      return {
        reason: `foreign server ${ident(detail!)} of ${object} is not tried, as nothing could end the wait for it`,
        next: `ALTER SERVER ${ident(detail!)} OPTIONS (ADD connect_timeout '5');`,
      };
    case 'extension':
      return {
        reason: `extension ${object} keeps it to itself`,
        next: `Grant SELECT on it as its owner, if Datafold needs it.`,
      };
    case 'row-security-off':
      return {
        reason: `row_security is off for ${ident(role)}, and row-level security of ${object} holds for ${ident(reader)}`,
        next: `ALTER ROLE ${ident(role)} SET row_security = on;`,
      };
    case 'function':
      return {
        reason: `it calls function ${object}(${detail ?? ''}), which the verification does not run`,
        next: `Read it once as ${ident(role)}.`,
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
        reason: `restrictive policies of ${object} for ${ident(reader)} (${idents(names.map((one) => one.name))}) take rows away`,
        next: showAll(problem, role, object),
      };
    }
  }
}

/**
 * Statements after which the role sees all rows. What is read as the owner of a view is opened to the role by its name: a policy
 * for that owner would open the table to all who read the view.
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
      const rest = policy.qual.length > QUAL_LIMIT ? '…' : `(${policy.qual})`;
      return `ALTER POLICY ${ident(policy.name)} ON ${object} USING (${isRole} OR ${rest});`;
    }),
    ...(isPermitted && kind !== 'no-policy'
      ? []
      : [`CREATE POLICY ${name} ON ${object} FOR SELECT TO ${ident(reader)} USING (${qual});`]),
  ].join(' ');
}
