import {
  type aws_cloudwatch as cloudwatch,
  aws_iam as iam,
  aws_secretsmanager as secretsmanager,
  Lazy,
  RemovalPolicy,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { CloudWatchLogsUserProps, ImportedLogsUserOptions } from './cloudwatch-logs-user-props';
import { LogAccess } from './log-access';
import { KeyRotation, keyRotationProblems } from './private/rotation/key-rotation';
import { KeyRenewal } from './private/rotation/key-renewal';
import { throwIfAny } from './private/problems';
import { GROUP_NAME, groupNameProblems, joinGroup } from './private/statement-log/logs-user-group';
import { logsUserPolicy, logsUserPolicyProblems } from './private/statement-log/logs-user-policy';
import { sourceIpProblems } from './private/statement-log/source-ips';
import { ProvisionedResource } from './private/functions/provisioned-resource';
import { taskFailedAlarm, taskFailedMetric } from './private/functions/task-metric';
import type { AccessKeyProperties, LogsUserProperties } from './private/wire/resources';

/**
 * An access key with which Datafold reads the statement log.
 */
export interface ICloudWatchLogsUser extends IConstruct {
  /**
   * The secret that holds the key: `{"accessKeyId": …, "secretAccessKey": …}`.
   */
  readonly accessKeySecret: secretsmanager.ISecret;
}

/** More log groups than these are not named one by one in the policy of the user, which IAM limits to 6,144 characters. */
const MAX_NAMED = 10;

/**
 * An IAM user that may read the statement log, and its access key in a secret.
 *
 * The user is in the group of Datafold's guide; a policy of its own denies it the content of whatever is not in the `logAccess`, and
 * anything but reading logs, whatever else its group allows.
 *
 * The key is made when the stack is deployed and written straight into the secret: it passes neither through the template nor
 * through CloudFormation. When the stack is deleted the keys of the user go first, so that the user can go.
 */
export class CloudWatchLogsUser extends Construct implements ICloudWatchLogsUser {
  /**
   * A logs user that another stack of this account made, in whatever region.
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
    options: ImportedLogsUserOptions = {},
  ): ICloudWatchLogsUser {
    class Import extends Construct implements ICloudWatchLogsUser {
      public readonly accessKeySecret = accessKeySecret;
      /** @internal */
      public readonly _rotation = options.isRotated
        ? new KeyRenewal(accessKeySecret, options.noticeTopic)
        : undefined;
      /** @internal */
      public readonly _hasSourceIps = options.hasSourceIps ?? false;
    }
    return new Import(scope, id);
  }

  /**
   * The name of the group that the user is in.
   */
  public readonly groupName: string;

  /**
   * The user whose key Datafold gets.
   */
  public readonly user: iam.User;

  public readonly accessKeySecret: secretsmanager.ISecret;

  /** @internal */
  public _key!: ProvisionedResource;

  /** @internal */
  public readonly _rotation?: KeyRotation;

  /** @internal */
  public readonly _hasSourceIps: boolean;

  /**
   * As it was asked for; undefined where the servers decide.
   *
   * @internal
   */
  public readonly _logAccess?: LogAccess;

  private readonly userPolicyArn: string;

  /** The servers that use the logs user, where it is for them alone. */
  private servers?: { readonly logGroupNames: Set<string>; others: boolean };

  public constructor(scope: Construct, id: string, props: CloudWatchLogsUserProps = {}) {
    super(scope, id);
    throwIfAny(this, [
      ...(props.logAccess?._problems ?? []),
      ...groupNameProblems(props.groupName),
      ...sourceIpProblems(props.sourceIps),
      ...secretNameProblems(props.secretName),
      ...keyRotationProblems(props.rotateAccessKey),
    ]);

    this._logAccess = props.logAccess;
    this._hasSourceIps = props.sourceIps !== undefined;
    this.groupName = props.groupName ?? GROUP_NAME;
    this.accessKeySecret = new secretsmanager.Secret(this, 'AccessKeySecret', {
      description: 'The access key with which Datafold reads the statement log',
      secretName: props.secretName,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const readOnly = iam.ManagedPolicy.fromAwsManagedPolicyName('CloudWatchLogsReadOnlyAccess');
    this.userPolicyArn = this.makeUserPolicy(props);
    this.user = this.makeUser(props, readOnly);
    const membership = joinGroup(this, this.user, this._logsUser, this.groupName, readOnly, props);
    this._rotation = this.makeKey(props, membership);
  }

  /**
   * Lets the logs user read the log of a server, if it is for its servers alone.
   *
   * A reference to the server of another stack would turn the order of the two stacks round.
   *
   * @internal
   */
  public _serve(scope: IConstruct, logGroupName: string | undefined, makesIt = false): void {
    if (this._logAccess || logGroupName === undefined) return;
    if (makesIt) this.servers = { logGroupNames: new Set(), others: false };
    if (!this.servers) return;
    if (Stack.of(scope) === Stack.of(this)) this.servers.logGroupNames.add(logGroupName);
    else this.servers.others = true;
  }

  /**
   * The user, and the policy that must be attached to it.
   *
   * @internal
   */
  public get _logsUser(): LogsUserProperties {
    return { userName: this.user.userName, userPolicyArn: this.userPolicyArn };
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

  /** With rights of its own beside those of its group, which may be one that somebody else made, and without the policy. */
  private makeUser({ logAccess }: CloudWatchLogsUserProps, readOnly: iam.IManagedPolicy): iam.User {
    const user = new iam.User(this, 'User', { managedPolicies: logAccess?._all ? [readOnly] : [] });
    // Attached when the user is made. The provisioner makes no key for a user without it.
    user.addManagedPolicy({ managedPolicyArn: this.userPolicyArn });
    return user;
  }

  /** The ARN of the policy that limits what the user may do. */
  private makeUserPolicy({ sourceIps, logAccess }: CloudWatchLogsUserProps): string {
    const seesAll = logAccess?._all ?? false;
    const document = () =>
      logsUserPolicy({ logGroups: seesAll ? undefined : this.access()._arns(Stack.of(this)), sourceIps });
    const policy = new iam.CfnManagedPolicy(this, 'UserPolicy', {
      description: 'What the key of Datafold reads, and that it reads nothing else',
      policyDocument: Lazy.any({ produce: document }),
    });
    this.node.addValidation({ validate: () => logsUserPolicyProblems(this, document()) });
    return policy.ref;
  }

  private access(): LogAccess {
    if (this._logAccess) return this._logAccess;
    const { logGroupNames, others } = this.servers ?? { logGroupNames: new Set<string>(), others: true };
    if (others || logGroupNames.size > MAX_NAMED) return LogAccess.allPostgresLogGroups();
    return LogAccess.logGroups([...logGroupNames]);
  }

  private makeKey(props: CloudWatchLogsUserProps, membership: ProvisionedResource): KeyRotation | undefined {
    const { rotateAccessKey: rotation } = props;
    const properties: AccessKeyProperties = {
      ...this._logsUser,
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
    key.allow(
      ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:ListAccessKeys', 'iam:ListAttachedUserPolicies'],
      [this.user.userArn],
    );
    key.allowSecret(this.accessKeySecret, 'write');
    key.resource.node.addDependency(membership.resource);
    return (
      rotation && new KeyRotation(this, key, this.accessKeySecret, this.user.userArn, properties, rotation)
    );
  }
}

function secretNameProblems(secretName: string | undefined): string[] {
  if (secretName === undefined || Token.isUnresolved(secretName) || !/-\w{6}$/.test(secretName)) return [];
  return [
    `\`secretName\` must not end in a hyphen and six characters, which Secrets Manager takes for the end of an ARN, got: ${secretName}`,
  ];
}
