import { Annotations, type aws_kms as kms, type aws_logs as logs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { HandlerCode } from './handler-code';
import type { PostgresServer } from './postgres-server';
import { databaseResource, type DatabaseResource } from './private/database-resource';
import { exportPostgresqlLog } from './private/log-exports';
import { logGroup } from './private/log-group';
import { addToGroup, groupAtSynth, newGroup } from './private/parameter-group';
import { throwIfAny } from './private/problems';
import { otherUsersOf } from './private/shared-group';

/**
 * How the statements of a server are logged.
 */
export interface StatementLoggingProps {
  /**
   * The server: a cluster or an instance that is defined in this app.
   */
  readonly server: PostgresServer;

  /**
   * How long the statement log is kept.
   *
   * It does not matter who made the log group, RDS or somebody else; a longer retention that it was given stays.
   *
   * @default - as it is; RDS makes the log group to be kept forever
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts the statement log. Its policy must let CloudWatch Logs use it.
   *
   * @default - as it is; RDS makes the log group without a key of yours
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * How the code of the function gets into the template.
   *
   * @default HandlerCode.asset()
   */
  readonly handlerCode?: HandlerCode;
}

/**
 * Makes a server log the statements from which Datafold draws its lineage, and export that log to CloudWatch.
 *
 * `log_statement` becomes `mod`: definitions and changes of data; a server that logs `all` is left at it. The parameter group
 * that the cluster or instance has is kept if it is one of this app; one of AWS's default groups, which nobody can change, is
 * replaced by a group of the same family.
 *
 * On a cluster that is deployed already, another group takes effect only when its instances are rebooted, which CloudFormation
 * may do during the deployment.
 */
export class StatementLogging extends Construct {
  public constructor(scope: Construct, id: string, props: StatementLoggingProps) {
    super(scope, id);
    const { logGroupName } = props.server._spec;
    const resource = databaseResource(props.server._spec);
    if (!resource || !logGroupName) {
      const problem =
        "`server` must be a cluster or an instance that this app defines; others can't be changed at synth";
      return throwIfAny(this.node.path, [problem]) as never;
    }
    this.logStatements(resource);
    exportPostgresqlLog(resource.cfn);
    if (props.logRetention !== undefined || props.logEncryptionKey) {
      logGroup(
        this,
        logGroupName,
        props.handlerCode ?? HandlerCode.asset(),
        props.logRetention,
        props.logEncryptionKey,
      );
    }
  }

  private logStatements(resource: DatabaseResource): void {
    const decision = groupAtSynth(resource);
    if (decision.how === 'impossible') return throwIfAny(this.node.path, [decision.problem]);
    if (decision.how === 'new') return newGroup(resource, decision.family);
    const others = otherUsersOf(decision.group, resource.cfn);
    if (others.length > 0) {
      Annotations.of(this).addWarningV2(
        'cdk-datafold-postgres:sharedParameterGroup',
        `The parameter group ${decision.group.node.path} is used by ${others.join(', ')} too: their statements are logged as well`,
      );
    }
    addToGroup(decision.group);
  }
}
