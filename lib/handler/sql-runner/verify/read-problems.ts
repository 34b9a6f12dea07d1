import type { RelationReport } from '../../../private/wire/sql';
import { readNames, readProblems, readViewsInViews, type ReadProblem } from '../catalog/read-problems';
import type { Session } from '../connection/session';
import { qualified } from '../identifiers';
import { explainProblem, outcomeOf, type Outcome, worstProblems } from '../plan/read-problems';
import { findUnreachable, type WithAnotherSession } from './foreign-servers';

const MAX_LISTED = 20;

/** Relations that the role may read, and that all the same do not give it what is in them. */
export interface ReadProblems {
  /** Reading them fails; what extensions keep to themselves counts, too. */
  readonly failing: readonly RelationReport[];
  readonly failingCount: number;
  /** Rows may be hidden, or reading fails: policies decide. */
  readonly filtered: readonly RelationReport[];
  readonly filteredCount: number;
  /** Relations whose reading is not tried: views with functions of users, foreign servers that nothing would end the wait for. */
  readonly unproven: readonly RelationReport[];
  readonly unprovenCount: number;
}

export const NO_PROBLEMS: ReadProblems = {
  failing: [],
  failingCount: 0,
  filtered: [],
  filteredCount: 0,
  unproven: [],
  unprovenCount: 0,
};

/** Logged in as the role: what it may read in `schemas` in vain, or not as a whole. */
export async function findReadProblems(
  session: Session,
  schemas: number[],
  role: string,
  options: { readonly rowSecurity: boolean; readonly withAnotherSession: WithAnotherSession },
): Promise<ReadProblems> {
  // The query looks so dear that the server would compile it first, which takes longer than to run it.
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
