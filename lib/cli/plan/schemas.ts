import { someIdents } from '../../handler/sql-runner/identifiers';
import { counted } from '../doctor/report/page/format';
import type { DatabaseAnswers } from '../inspection/answers';
import type { InspectionSpec } from '../inspection/parts';
import type { Findings } from './finding';

/** Reports which schemas become readable, and named ones that do not exist. */
export function planSchemas(findings: Findings, answers: DatabaseAnswers, spec: InspectionSpec): void {
  if (!answers.isAnswered('schemas', 'relations')) return;
  const schemas = answers.of('schemas');
  const selected = schemas.filter(({ isSelected }) => isSelected);
  const internal = schemas.filter(({ internal: isInternal, isSelected }) => isInternal && !isSelected);
  const relations = answers.of('relations').reduce((sum, one) => sum + one.relations, 0);
  const rest =
    internal.length === 0
      ? ''
      : ` Left out, as schemas of extensions or of RDS: ${someIdents(internal.map(({ name }) => name))}.`;
  const missing = (spec.schemas ?? []).filter((name) => schemas.every((schema) => schema.name !== name));
  if (missing.length > 0)
    findings.prevent(
      'schemas',
      `The deployment fails, because these schemas do not exist: ${someIdents(missing)}.`,
      'Correct --schemas, and `schemas` of the database in the app.',
    );
  if (selected.some(({ name }) => !isChosen(name, spec)))
    return findings.warn(
      'schemas',
      'The output is of a script that was printed for other schemas.',
      'Run the script that plan --sql prints with the same --schemas and --exclude.',
    );
  if (selected.length === 0)
    return findings.warn('schemas', `There is no schema to read.${rest}`, 'Check the name of the database.');
  findings.ready(
    'schemas',
    `${relations} relations in ${counted(selected.length, 'schema')} become readable: ${someIdents(selected.map(({ name }) => name))}.${rest}`,
  );
}

const isChosen = (name: string, { schemas, excludeSchemas = [] }: InspectionSpec) =>
  (schemas === undefined || schemas.includes(name)) && !excludeSchemas.includes(name);
