import type { StatementLoggingRequest } from './properties';
import type { Observed } from './observed';
import { textOf, type ParameterName } from './parameters';
import { EXPORT, planFor, type Plan } from './plan';
import type { LoggingRecord } from './record';

/** What somebody changed on a server since it was set up as was `wanted`: a sentence each. */
export function driftOf(
  observed: Observed,
  record: LoggingRecord,
  wanted: StatementLoggingRequest,
): string[] {
  try {
    return differences(observed, record, planFor(observed, record, wanted));
  } catch (refusal) {
    return [(refusal as Error).message];
  }
}

function differences({ server, group }: Observed, record: LoggingRecord, plan: Plan): string[] {
  const drift: string[] = [];
  if (record.own && record.own.name !== group.name)
    drift.push(`The parameter group is ${group.name} in place of ${record.own.name}.`);
  else if (plan.associate) drift.push(`The parameter group ${group.name} does not log the statements.`);
  else
    for (const [name, wanted] of Object.entries(plan.set?.settings ?? {}))
      drift.push(
        `The parameter ${name} of the group ${group.name} is ${textOf(group.settings[name as ParameterName])} in place of ${textOf(wanted)}.`,
      );
  if (plan.enableExport)
    drift.push(`The log ${EXPORT} of ${server.identifier} is not exported to CloudWatch.`);
  return drift;
}
