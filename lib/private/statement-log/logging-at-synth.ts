import { Annotations, Lazy, Token, type aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SharedParameterGroup } from '../../shared-parameter-group';
import type { StatementLoggingProps } from '../../statement-logging-props';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import type { DatabaseResource } from '../server/database-resource';
import { validateInstanceGroups } from './instance-groups';
import { logGroup } from './log-group';
import { addToGroup, groupAtSynth, newGroup, otherUsersOf } from './parameter-group';
import { userPath } from '../identity';
import { documentation } from '../references';

/** Turns on the statement log of a server that this app defines, in its template; returns the custom resource of the log group, if any. */
export function logAtSynth(
  scope: Construct,
  resource: DatabaseResource,
  props: StatementLoggingProps,
): ProvisionedResource | undefined {
  const decision = groupAtSynth(resource);
  const extra: Record<string, string> =
    props.logBindValues === false ? { log_parameter_max_length: '0' } : {};
  if (decision.how === 'new') {
    newGroup(resource, decision.family, extra);
    warnOfReboot(scope, resource);
  }
  if (decision.how === 'add') {
    const others = otherUsersOf(decision.group, resource.cfn);
    if (props.sharedParameterGroup === undefined) warnOfOthers(scope, others, userPath(decision.group));
    addToGroup(decision.group, extra);
  }
  validateInstanceGroups(scope, resource);
  exportPostgresqlLog(resource.cfn);
  if (props.logRetention === undefined && !props.logEncryptionKey && !props.maskedData) return undefined;
  return logGroup(scope, props.server.logGroupName!, props, resource.cfn.node.addr);
}

/** Returns the problems with changing the server in its template. */
export function atSynthProblems(resource: DatabaseResource, props: StatementLoggingProps): string[] {
  const decision = groupAtSynth(resource);
  if (decision.how === 'impossible') return [decision.problem];
  const others = decision.how === 'add' ? otherUsersOf(decision.group, resource.cfn) : [];
  return [...ignoredProps(resource, props), ...sharingProblems(resource, others, props)];
}

/** Returns the problems with props that apply only to servers that are changed at deployment. */
function ignoredProps({ kind, cfn }: DatabaseResource, props: StatementLoggingProps): string[] {
  const noEffect = `has no effect on the ${kind} ${userPath(cfn)}, which this app defines`;
  return [
    ...(props.rebootPolicy ? [`\`rebootPolicy\` ${noEffect}: CloudFormation decides; leave it out`] : []),
    ...(props.parameterGroup ? [`\`parameterGroup\` ${noEffect}: its group is known; leave it out`] : []),
    ...(props.sharedParameterGroup === SharedParameterGroup.COPY
      ? [`\`sharedParameterGroup: COPY\` ${noEffect}: give it a parameter group of its own there`]
      : []),
  ];
}

function sharingProblems(
  { kind, cfn }: DatabaseResource,
  others: string[],
  { sharedParameterGroup }: StatementLoggingProps,
): string[] {
  if (sharedParameterGroup !== SharedParameterGroup.REFUSE || others.length === 0) return [];
  return [
    `the parameter group of the ${kind} ${userPath(cfn)} is used by ${others.join(', ')} too, and \`sharedParameterGroup\` is REFUSE: give it a group of its own, or set MODIFY`,
  ];
}

/** Warns of a reboot, also for a new server, since it is unknown at synth whether the server exists; users can acknowledge the warning. */
function warnOfReboot(scope: Construct, { kind, cfn }: DatabaseResource): void {
  const instances = kind === 'cluster' ? 'all its instances at once' : 'it';
  Annotations.of(scope).addWarningV2(
    'cdk-datafold-postgres:newParameterGroup',
    `The ${kind} ${userPath(cfn)} gets a parameter group of its own in place of AWS's default one. If the ${kind} exists already, CloudFormation reboots ${instances} during this deployment. To choose the time, give it a \`parameterGroup\` of its own first and deploy that at a quiet time: log_statement then changes without a reboot (${documentation('existing-server')}#choose-the-time-of-the-reboot). A new ${kind} is made with the group: acknowledge this warning`,
  );
}

function warnOfOthers(scope: Construct, others: string[], group: string): void {
  if (others.length === 0) return;
  Annotations.of(scope).addWarningV2(
    'cdk-datafold-postgres:sharedParameterGroup',
    `The parameter group ${group} is used by ${others.join(', ')} too: their statements are logged as well`,
  );
}

/** Turns on the export of the statement log, in addition to the existing exports. */
function exportPostgresqlLog(cfn: rds.CfnDBCluster | rds.CfnDBInstance): void {
  const before = cfn.enableCloudwatchLogsExports;
  cfn.enableCloudwatchLogsExports = Token.isUnresolved(before)
    ? Lazy.uncachedList({
        produce: (context) => withPostgresql(context.resolve(before) as string[] | undefined),
      })
    : withPostgresql(before);
}

const withPostgresql = (exports: string[] = []) => [...new Set([...exports, 'postgresql'])];
