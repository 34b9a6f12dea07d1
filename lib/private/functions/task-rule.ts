import { aws_events as events, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ProvisionedResource } from './provisioned-resource';
import type { ScheduledTask } from '../wire/tasks';

/** A task without the custom resource that it belongs to. */
export type TaskInput<T extends ScheduledTask> = Omit<T, 'stackId' | 'logicalResourceId'>;

/** A rule that invokes the provisioner with a task of a custom resource, on a schedule or for events. */
export class TaskRule<T extends ScheduledTask> extends Construct {
  public constructor(
    scope: Construct,
    id: string,
    props: {
      readonly of: ProvisionedResource;
      readonly description: string;
      /** A schedule expression of EventBridge, such as `rate(1 day)`. */
      readonly schedule?: string;
      /** The event pattern, for a rule without a schedule. */
      readonly eventPattern?: object;
      readonly task: TaskInput<T>;
    },
  ) {
    super(scope, id);
    const { of: resource, description, schedule, eventPattern, task } = props;
    const stack = Stack.of(this);
    const { logicalId } = resource.resource;
    const input = { ...task, stackId: stack.stackId, logicalResourceId: logicalId };
    const fn = resource.provisioner.function;
    const rule = new events.CfnRule(this, 'Resource', {
      description,
      scheduleExpression: schedule,
      eventPattern,
      targets: [{ id: 'Provisioner', arn: fn.functionArn, input: stack.toJsonString(input) }],
    });
    rule.node.addDependency(resource.resource);
    const permission = new lambda.CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: fn.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
    permission.node.addDependency(resource.resource);
  }
}
