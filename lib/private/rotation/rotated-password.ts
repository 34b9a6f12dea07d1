import {
  Aws,
  aws_secretsmanager as secretsmanager,
  type aws_sns as sns,
  aws_ssm as ssm,
  Duration,
  Lazy,
  RemovalPolicy,
  Stack,
  Tags,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { PasswordRotation } from '../../password-rotation';
import { deployed } from '../functions/deployed-text';
import type { Right } from '../functions/further-rights';
import { secretName } from '../functions/pins';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import { secretRights, topicRights } from '../functions/secret-and-topic-rights';
import type { DatabaseAccessProperties } from '../wire/resources';
import { MAX_SETTINGS_CHARACTERS, rotationParameter, type RotationSettings } from '../wire/rotation';
import { inWords } from '../problems';

/** The maximum interval of a Secrets Manager rotation. */
const MAX_DAYS = 1000;

const everyOf = ({ every }: PasswordRotation) => every ?? Duration.days(90);

/** Returns the problems with the prop `rotatePassword`. */
export function passwordRotationProblems(
  rotation: PasswordRotation | undefined,
  { byDba, isGiven }: { readonly byDba: boolean; readonly isGiven: boolean },
): string[] {
  if (!rotation) return [];
  const days = everyOf(rotation).toDays({ integral: false });
  return [
    ...(byDba
      ? ['`rotatePassword` has no effect with SqlExecution.byDba: nobody may set the password; leave it out']
      : []),
    ...(isGiven && !byDba
      ? ['`rotatePassword` can not be combined with `passwordSecret`: set it where the secret is made']
      : []),
    ...(Number.isInteger(days) && days >= 1 && days <= MAX_DAYS
      ? []
      : [
          `\`rotatePassword.every\` must be a whole number of days from 1 to ${MAX_DAYS}, got: ${everyOf(rotation).toHumanString()}`,
        ]),
  ];
}

/** A rotation of Secrets Manager for the password of the role, and the data-source secrets that it updates. */
export class RotatedPassword extends Construct {
  private readonly dataSources: secretsmanager.ISecret[] = [];
  private readonly settings: RotationSettings;
  private readonly schedule: secretsmanager.CfnRotationSchedule;

  public constructor(
    scope: Construct,
    private readonly access: ProvisionedResource,
    private readonly secret: secretsmanager.ISecret,
    rotation: PasswordRotation,
  ) {
    super(scope, 'PasswordRotation');
    const { noticeTopic } = rotation;
    this.settings = this.settingsFor(noticeTopic);
    // Used if a rotation cannot read its settings, as in lib/handler/provisioner/password-rotation/steps.ts.
    if (noticeTopic) Tags.of(secret).add('datafold:notice-topic', noticeTopic.topicArn);
    this.schedule = this.makeSchedule(this.makeParameter(), everyOf(rotation).toDays());
    this.allow(
      ...secretRights(secret, 'write'),
      {
        actions: ['secretsmanager:DescribeSecret', 'secretsmanager:UpdateSecretVersionStage'],
        resources: [secret.secretArn],
      },
      ...topicRights(noticeTopic),
    );
    this.node.addValidation({ validate: () => this.settingsProblems() });
  }

  /** Adds a data-source secret that the rotation updates; returns false for one of another stack, which is updated hourly. */
  public add(secret: secretsmanager.ISecret): boolean {
    if (Stack.of(secret) !== Stack.of(this)) return false;
    this.dataSources.push(secret);
    this.allow(...secretRights(secret, 'write'));
    return true;
  }

  /** Secrets Manager tests the rotation function as soon as the schedule exists. */
  private allow(...rights: Right[]): void {
    this.schedule.node.addDependency(...this.access.allowTasks(...rights));
  }

  private settingsFor(noticeTopic: sns.ITopic | undefined): RotationSettings {
    const { sqlRunner, server, adminSecretArn, roleName, maintenanceDatabase, databases } = this.access
      .properties as DatabaseAccessProperties;
    return {
      sqlRunner,
      server,
      adminSecretArn,
      roleName,
      databaseName: databases[0].databaseName,
      maintenanceDatabase,
      dataSourceSecretArns: Lazy.list({ produce: () => this.dataSources.map((one) => one.secretArn) }),
      topicArn: noticeTopic?.topicArn,
    };
  }

  private makeParameter(): ssm.CfnParameter {
    const name = rotationParameter(secretName(this.secret.secretArn));
    const parameter = new ssm.CfnParameter(this, 'Settings', {
      name,
      description: 'How the password of the PostgreSQL role of Datafold is rotated; contains no secret',
      type: 'String',
      // A value of more than 4,096 characters gets the advanced tier.
      tier: 'Intelligent-Tiering',
      value: Lazy.string({ produce: () => Stack.of(this).toJsonString(this.settings) }),
    });
    // As the custom resources: a parameter that an aspect retains would be in the way of the next rotation of the secret.
    parameter.applyRemovalPolicy(RemovalPolicy.DESTROY);
    parameter.node.addDependency(this.access.resource);
    const resourceName = name.slice(1);
    const arn = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
    parameter.node.addDependency(
      ...this.access.allowTasks({ actions: ['ssm:GetParameter'], resources: [arn] }),
    );
    return parameter;
  }

  private settingsProblems(): string[] {
    const text = JSON.stringify(deployed(this, this.settings));
    // "You can't include {{}} or {{ssm:parameter-name}} in a parameter value" (Systems Manager User Guide, "Parameter Store reference").
    if (text.includes('{{'))
      return [
        '`rotatePassword` can not be combined with `{{` in the name of a role or database: Systems Manager takes no such value. Rename it or leave out `rotatePassword`',
      ];
    const { length } = text;
    if (length <= MAX_SETTINGS_CHARACTERS) return [];
    return [
      `\`rotatePassword\` does not fit what Systems Manager takes: the settings of the rotation have at least ${inWords(length)} characters, ${inWords(MAX_SETTINGS_CHARACTERS)} at most. Shorten \`caCertificate\` to the one authority that is needed, or define some of the data sources in another stack`,
    ];
  }

  /** Adds the schedule after the role, with which Secrets Manager tests the rotation, even without an immediate rotation. */
  private makeSchedule(settings: ssm.CfnParameter, days: number): secretsmanager.CfnRotationSchedule {
    const { provisioner } = this.access;
    const permission = provisioner.allowInvocation(this, {
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
    });
    const schedule = new secretsmanager.CfnRotationSchedule(this, 'Schedule', {
      secretId: this.secret.secretArn,
      rotationLambdaArn: provisioner.function.functionArn,
      rotateImmediatelyOnUpdate: false,
      rotationRules: { automaticallyAfterDays: days },
    });
    schedule.node.addDependency(permission, settings);
    return schedule;
  }
}
