import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HandlerCode } from '../handler-code';
import type { StatementLoggingProps } from '../statement-logging-props';
import type { DatabaseResource } from './database-resource';
import { exportPostgresqlLog } from './log-exports';
import { logGroup } from './log-group';
import { addToGroup, groupAtSynth, newGroup } from './parameter-group';
import { throwIfAny } from './problems';
import { otherUsersOf } from './shared-group';
import { userPath } from './user-path';

/** Statement logging of a server that this app defines: changes its template. */
export function logAtSynth(scope: Construct, resource: DatabaseResource, props: StatementLoggingProps): void {
  const decision = groupAtSynth(resource);
  if (decision.how === 'impossible') return throwIfAny(scope.node.path, [decision.problem]);
  const extra: Record<string, string> =
    props.logBindValues === false ? { log_parameter_max_length: '0' } : {};
  if (decision.how === 'new') newGroup(resource, decision.family, extra);
  else {
    warnOfOthers(scope, otherUsersOf(decision.group, resource.cfn), userPath(decision.group));
    addToGroup(decision.group, extra);
  }
  exportPostgresqlLog(resource.cfn);
  if (props.logRetention !== undefined || props.logEncryptionKey || props.maskedData)
    logGroup(scope, props.server.logGroupName!, props, props.handlerCode ?? HandlerCode.asset());
}

function warnOfOthers(scope: Construct, others: string[], group: string): void {
  if (others.length === 0) return;
  Annotations.of(scope).addWarningV2(
    'cdk-datafold-postgres:sharedParameterGroup',
    `The parameter group ${group} is used by ${others.join(', ')} too: their statements are logged as well`,
  );
}
