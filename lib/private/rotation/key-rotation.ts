import { type aws_secretsmanager as secretsmanager, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { AccessKeyRotation } from '../../access-key-rotation';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import { TaskRule } from '../functions/task-rule';
import { topicRights, secretRights } from '../functions/secret-and-topic-rights';
import type { AccessKeyProperties } from '../wire/resources';
import type { RotateAccessKeyTask } from '../wire/tasks';

const timesOf = ({ every, overlap, grace }: AccessKeyRotation) => ({
  every: every ?? Duration.days(90),
  overlap: overlap ?? Duration.days(14),
  grace: grace ?? Duration.days(14),
});

/** Returns the problems with the prop `rotateAccessKey`. */
export function keyRotationProblems(rotation: AccessKeyRotation | undefined): string[] {
  if (!rotation) return [];
  const times = timesOf(rotation);
  const inDays = (time: Duration) => time.toDays({ integral: false });
  const problems = Object.entries(times)
    .filter(([, time]) => !Number.isInteger(inDays(time)) || inDays(time) < 1)
    .map(
      ([prop, time]) =>
        `\`rotateAccessKey.${prop}\` must be a whole number of days, at least 1, got: ${time.toHumanString()}`,
    );
  const rest = inDays(times.overlap) + inDays(times.grace);
  if (problems.length === 0 && inDays(times.every) <= rest)
    problems.push(
      `\`rotateAccessKey.every\` must be longer than \`overlap\` and \`grace\` together (${rest} days): a user has two keys at most; got: ${times.every.toHumanString()}`,
    );
  return problems;
}

/** The daily task that rotates an access key, and the data-source secrets that it updates. */
export class KeyRotation extends Construct {
  private readonly dataSources: secretsmanager.ISecret[] = [];

  public constructor(
    logsUser: Construct,
    private readonly key: ProvisionedResource,
    userArn: string,
    properties: AccessKeyProperties,
    rotation: AccessKeyRotation,
  ) {
    super(logsUser, 'Rotation');
    const { every, overlap, grace } = timesOf(rotation);
    key.allowTasks({ actions: ['iam:UpdateAccessKey'], resources: [userArn] });
    key.allowTasks(...topicRights(rotation.noticeTopic));
    new TaskRule<RotateAccessKeyTask>(this, 'Daily', {
      of: key,
      description: 'Replaces the access key with which Datafold reads the statement log when it is old',
      schedule: 'rate(1 day)',
      task: {
        datafoldTask: 'rotate-access-key',
        properties,
        every: String(every.toDays()),
        overlap: String(overlap.toDays()),
        grace: String(grace.toDays()),
        dataSourceSecretArns: Lazy.list({ produce: () => this.dataSources.map((one) => one.secretArn) }),
        topicArn: rotation.noticeTopic?.topicArn,
      },
      shorten: 'let a second CloudWatchLogsUser have the access key of some of the data sources',
    });
  }

  /** Adds a data-source secret that the rotation updates; returns false for one of another stack, which is updated hourly. */
  public add(secret: secretsmanager.ISecret): boolean {
    if (Stack.of(secret) !== Stack.of(this)) return false;
    this.dataSources.push(secret);
    this.key.allowTasks(...secretRights(secret, 'write'));
    return true;
  }
}
