import type { RelationReport } from '../../../private/wire/sql-reports';
import { readNames, readProblems, readViewsInViews, type ReadProblem } from '../catalog/read-problems';
import type { Session } from '../connection/session';
import { qualified } from '../identifiers';
import { explainProblem, outcomeOf, type Outcome, worstProblems } from '../plan/read-problems';
import { findUnreachable, type WithAnotherSession } from './foreign-servers';

const MAX_LISTED = 20;

/** Relations that the role has SELECT on, but cannot read, or cannot read completely. */
export interface ReadProblems {
  /** Reading fails. Relations that an extension does not grant count too. */
  readonly failing: readonly RelationReport[];
  readonly failingCount: number;
  /** Policies may hide rows, or make reading fail. */
  readonly filtered: readonly RelationReport[];
  readonly filteredCount: number;
  /** Relations that are not tested: views with user functions, foreign servers whose connection may never time out. */
  readonly unproven: readonly RelationReport[];
  readonly unprovenCount: number;
}

/** The report on a database in which every read succeeds. */
export const NO_PROBLEMS: ReadProblems = {
  failing: [],
  failingCount: 0,
  filtered: [],
  filteredCount: 0,
  unproven: [],
  unprovenCount: 0,
};

/** Finds relations in `schemas` that the role, as which `session` is logged in, cannot read completely. */
export async function findReadProblems(
  session: Session,
  schemas: number[],
  role: string,
  options: { readonly rowSecurity: boolean; readonly withAnotherSession: WithAnotherSession },
): Promise<ReadProblems> {
  // The estimated cost of the query makes the server compile it first, which takes longer than running it.
  await session.rows(`SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'jit'`);
  const unreachable = await findUnreachable(session, schemas, options.withAnotherSession);
  const problems = await readProblems(session, schemas, { rowSecurity: options.rowSecurity, unreachable });
  const viewsInViews = problems.length === 0 ? [] : await readViewsInViews(session);
  const worst = worstProblems(problems, viewsInViews);
  const names = worst.size === 0 ? [] : await readNames(session, schemas, [...worst.keys()]);
  const of = (outcome: Outcome) => {
    const all = names.filter(({ oid }) => outcomeOf(worst.get(oid)!) === outcome);
    const some = all
      .slice(0, MAX_LISTED)
      .map((one) => report(qualified(one.schema, one.name), worst.get(one.oid)!, role));
    return [some, all.length] as const;
  };
  const [[failing, failingCount], [filtered, filteredCount], [unproven, unprovenCount]] = [
    of('fails'),
    of('hides'),
    of('unproven'),
  ];
  return { failing, failingCount, filtered, filteredCount, unproven, unprovenCount };
}

function report(relation: string, problem: ReadProblem, role: string): RelationReport {
  return { relation, ...explainProblem(problem, role) };
}
