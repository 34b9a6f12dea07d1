import {
  Aws,
  aws_lambda as lambda,
  aws_secretsmanager as secretsmanager,
  Duration,
  Lazy,
  Stack,
  Tags,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import type { PasswordRotation } from '../../password-rotation';
import { ProvisionedResource } from '../functions/provisioned-resource';
import { topicRights } from '../functions/secret-and-topic-rights';
import type { DatabaseAccessProperties, PasswordRotationProperties } from '../wire/resources';

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
  private readonly resource: ProvisionedResource;

  public constructor(
    scope: Construct,
    private readonly access: ProvisionedResource,
    private readonly secret: secretsmanager.ISecret,
    private readonly rotation: PasswordRotation,
    options: FunctionProps,
  ) {
    super(scope, 'PasswordRotation');
    const properties: PasswordRotationProperties = {
      access: access.properties as DatabaseAccessProperties,
      dataSourceSecretArns: Lazy.list({ produce: () => this.dataSources.map((one) => one.secretArn) }),
      topicArn: rotation.noticeTopic?.topicArn,
      secretKeyArn: secret.encryptionKey?.keyArn,
    };
    // Used if a rotation cannot read its stored properties, as in lib/handler/provisioner/password-rotation/steps.ts.
    if (rotation.noticeTopic) Tags.of(secret).add('datafold:notice-topic', rotation.noticeTopic.topicArn);
    this.resource = new ProvisionedResource(this, 'Knowledge', {
      resourceType: 'Custom::DatafoldPasswordRotation',
      properties,
      options,
      policyOf: access,
    });
    this.resource.allowSecret(secret, 'write');
    this.resource.allow(
      ['secretsmanager:DescribeSecret', 'secretsmanager:UpdateSecretVersionStage'],
      [secret.secretArn],
    );
    this.resource.allowButToDelete(...topicRights(rotation.noticeTopic));
    this.resource.resource.node.addDependency(access.resource);
    this.makeSchedule();
  }

  /** Adds a data-source secret that the rotation updates; returns false for one of another stack, which is updated hourly. */
  public add(secret: secretsmanager.ISecret): boolean {
    if (Stack.of(secret) !== Stack.of(this)) return false;
    this.dataSources.push(secret);
    this.resource.allowSecret(secret, 'write');
    return true;
  }

  /** Adds the schedule after the role: Secrets Manager tests the rotation function immediately, even without an immediate rotation. */
  private makeSchedule(): void {
    const fn = this.access.provisioner.function;
    const permission = new lambda.CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: fn.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
    });
    const schedule = new secretsmanager.CfnRotationSchedule(this, 'Schedule', {
      secretId: this.secret.secretArn,
      rotationLambdaArn: fn.functionArn,
      rotateImmediatelyOnUpdate: false,
      rotationRules: { automaticallyAfterDays: everyOf(this.rotation).toDays() },
    });
    schedule.node.addDependency(permission, this.resource.resource);
  }
}
