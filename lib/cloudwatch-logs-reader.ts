import {
  type aws_cloudwatch as cloudwatch,
  aws_iam as iam,
  aws_secretsmanager as secretsmanager,
  RemovalPolicy,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { CloudWatchLogsReaderProps, ImportedLogsReaderOptions } from './cloudwatch-logs-reader-props';
import { LogAccess } from './log-access';
import { groupNameProblems } from './private/group-names';
import { KeyRotation, keyRotationProblems } from './private/rotation/key-rotation';
import { KeyRenewal } from './private/rotation/key-renewal';
import { throwIfAny } from './private/problems';
import { ProvisionedResource } from './private/functions/provisioned-resource';
import { taskFailedAlarm, taskFailedMetric } from './private/functions/task-metric';
import type { AccessKeyProperties } from './private/wire/resources';

/**
 * An access key with which Datafold reads the statement log.
 */
export interface ICloudWatchLogsReader extends IConstruct {
  /**
   * The secret that holds the key: `{"accessKeyId": …, "secretAccessKey": …}`.
   */
  readonly accessKeySecret: secretsmanager.ISecret;
}

/**
 * An IAM user that may read CloudWatch Logs, and its access key in a secret.
 *
 * The key is made when the stack is deployed and written straight into the secret: it passes neither through the template nor
 * through CloudFormation. When the stack is deleted the keys of the user go first, so that the user can go.
 */
export class CloudWatchLogsReader extends Construct implements ICloudWatchLogsReader {
  /**
   * A reader that another stack of this account made, in whatever region.
   *
   * @param scope the construct to put it in
   * @param id the id in that construct
   * @param accessKeySecret the secret with its access key
   * @param options what else is known of it
   */
  public static fromAccessKeySecret(
    scope: Construct,
    id: string,
    accessKeySecret: secretsmanager.ISecret,
    options: ImportedLogsReaderOptions = {},
  ): ICloudWatchLogsReader {
    class Import extends Construct implements ICloudWatchLogsReader {
      public readonly accessKeySecret = accessKeySecret;
      /** @internal */
      public readonly _rotation = options.isRotated
        ? new KeyRenewal(accessKeySecret, options.noticeTopic)
        : undefined;
    }
    return new Import(scope, id);
  }

  /**
   * The group that the user is in.
   */
  public readonly group: iam.IGroup;

  /**
   * The user whose key Datafold gets.
   */
  public readonly user: iam.User;

  public readonly accessKeySecret: secretsmanager.ISecret;

  /** @internal */
  public _key!: ProvisionedResource;

  /** @internal */
  public readonly _rotation?: KeyRotation;

  /**
   * What the group may read; undefined for one that exists already.
   *
   * @internal
   */
  public readonly _logAccess?: LogAccess;

  /**
   * That of the group that is made.
   *
   * @internal
   */
  public readonly _nameOfGroupMade?: string;

  public constructor(scope: Construct, id: string, props: CloudWatchLogsReaderProps = {}) {
    super(scope, id);
    const { logAccess = LogAccess.allLogGroups() } = props;
    throwIfAny(this, [
      ...logAccess._problems,
      ...exclusive(props),
      ...secretNameProblems(props.secretName),
      ...keyRotationProblems(props.rotateAccessKey),
    ]);

    if (!props.group) {
      this._logAccess = logAccess;
      this._nameOfGroupMade = props.groupName ?? 'CloudWatchLogsReadOnly';
    }
    this.group = props.group ?? this.makeGroup(this._nameOfGroupMade!, logAccess);
    this.node.addValidation({ validate: () => groupNameProblems(this) });
    this.user = new iam.User(this, 'User', { groups: [this.group] });
    this.accessKeySecret = new secretsmanager.Secret(this, 'AccessKeySecret', {
      description: 'The access key with which Datafold reads the statement log',
      secretName: props.secretName,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this._rotation = this.makeKey(props);
  }

  /**
   * Lets somebody read the access key.
   *
   * @param grantee who may
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.accessKeySecret.grantRead(grantee);
  }

  /**
   * 1 if the daily look at the access key failed, found something for a person or could not notify one, else 0.
   *
   * In the namespace `CdkDatafoldPostgres`: `TaskFailed`, by the name of the function (`Provisioner`) and `Task`.
   *
   * @param options how to look at the metric
   * @default - the highest of each hour
   */
  public metricKeyRotationFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return taskFailedMetric(this._key.provisioner, 'rotate-access-key', options);
  }

  /**
   * An alarm for a rotation of the access key that failed or needs a person.
   *
   * @param actions what to do, such as a `SnsAction` of `aws-cloudwatch-actions`
   */
  public addKeyRotationAlarm(...actions: cloudwatch.IAlarmAction[]): cloudwatch.Alarm {
    return taskFailedAlarm(this, this.metricKeyRotationFailed(), actions);
  }

  private makeGroup(groupName: string, access: LogAccess): iam.Group {
    if (access._all) {
      const managedPolicies = [iam.ManagedPolicy.fromAwsManagedPolicyName('CloudWatchLogsReadOnlyAccess')];
      return new iam.Group(this, 'Group', { groupName, managedPolicies });
    }
    const group = new iam.Group(this, 'Group', { groupName });
    access._statements(Stack.of(this)).forEach((statement) => group.addToPolicy(statement));
    return group;
  }

  private makeKey(props: CloudWatchLogsReaderProps): KeyRotation | undefined {
    const { rotateAccessKey: rotation } = props;
    const properties: AccessKeyProperties = {
      userName: this.user.userName,
      secretArn: this.accessKeySecret.secretArn,
      secretKeyArn: this.accessKeySecret.encryptionKey?.keyArn,
    };
    const key = new ProvisionedResource(this, 'AccessKey', {
      resourceType: 'Custom::DatafoldAccessKey',
      properties,
      options: props,
      // Another name is another secret. Its token would not do: that is the same for both.
      rightsTo: props.secretName === undefined ? undefined : [props.secretName],
    });
    this._key = key;
    key.allow(['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:ListAccessKeys'], [this.user.userArn]);
    key.allowSecret(this.accessKeySecret, 'write');
    return (
      rotation && new KeyRotation(this, key, this.accessKeySecret, this.user.userArn, properties, rotation)
    );
  }
}

function exclusive({ group, groupName, logAccess }: CloudWatchLogsReaderProps): string[] {
  if (!group) return [];
  return [
    ...(groupName
      ? ['`groupName` is for a group that is made, `group` for one that exists: leave out one of the two']
      : []),
    ...(logAccess
      ? [
          '`logAccess` has no effect on an existing `group`: its policies are left alone; leave out one of the two',
        ]
      : []),
  ];
}

function secretNameProblems(secretName: string | undefined): string[] {
  if (secretName === undefined || Token.isUnresolved(secretName) || !/-\w{6}$/.test(secretName)) return [];
  return [
    `\`secretName\` must not end in a hyphen and six characters, which Secrets Manager takes for the end of an ARN, got: ${secretName}`,
  ];
}
