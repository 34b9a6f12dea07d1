import type { DatabaseAnswers } from '../../inspection/answers';
import type { VolumeFacts } from './facts';

/** Returns what pg_stat_statements shows, which is the same in each database that has it; undefined without it. */
export function volumeFactsFrom(databases: readonly DatabaseAnswers[]): VolumeFacts | undefined {
  const source = databases.find(
    (one) => one.of('statement_totals').length > 0 && one.isAnswered('statements', 'statement_totals'),
  );
  if (!source) return undefined;
  const [totals] = source.of('statement_totals');
  const protocols = source
    .of('protocols')
    .map(({ role, isExtended }) => [role, isExtended ? 'extended' : 'simple'] as const);
  return {
    ...totals,
    statements: source.of('statements'),
    protocols: Object.fromEntries(protocols),
    hasLeadingComments: (source.server?.versionNum ?? 0) < 180_000,
    tables: databases.flatMap((one) => one.of('tables')),
  };
}
