import { aws_events as events, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ProvisionedResource } from './provisioned-resource';
import { deployed } from './deployed-text';
import type { ScheduledTask } from '../wire/tasks';
import { inWords } from '../problems';

/** EventBridge's limit for the input of a target. */
const MAX_CHARACTERS = 8_192;

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
      /** What to do if the input is too long. */
      readonly shorten: string;
    },
  ) {
    super(scope, id);
    const { of: resource, description, schedule, eventPattern, task, shorten } = props;
    const stack = Stack.of(this);
    const { logicalId } = resource.resource;
    const input = stack.toJsonString({ ...task, stackId: stack.stackId, logicalResourceId: logicalId });
    const fn = resource.provisioner.function;
    const rule = new events.CfnRule(this, 'Resource', {
      description,
      scheduleExpression: schedule,
      eventPattern,
      targets: [{ id: 'Provisioner', arn: fn.functionArn, input }],
    });
    rule.node.addDependency(resource.resource);
    const permission = resource.provisioner.allowInvocation(this, {
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
    permission.node.addDependency(resource.resource);
    this.node.addValidation({ validate: () => this.problems(input, shorten) });
  }

  private problems(input: string, shorten: string): string[] {
    const { length } = String(deployed(this, input));
    if (length <= MAX_CHARACTERS) return [];
    return [
      `The input of the rule has at least ${inWords(length)} characters, EventBridge takes ${inWords(MAX_CHARACTERS)}: ${shorten}`,
    ];
  }
}
