import {
  type aws_cloudwatch as cloudwatch,
  aws_iam as iam,
  aws_secretsmanager as secretsmanager,
  type aws_sns as sns,
  Lazy,
  RemovalPolicy,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { CloudWatchLogsUserAttributes, CloudWatchLogsUserProps } from './cloudwatch-logs-user-props';
import { LogAccess } from './log-access';
import { KeyRotation, keyRotationProblems } from './private/rotation/key-rotation';
import { functionSettings } from './private/functions/function-settings';
import { throwIfAny } from './private/problems';
import { GROUP_NAME, groupNameProblems, joinGroup } from './private/statement-log/logs-user-group';
import { logsUserPolicy, logsUserPolicyProblems } from './private/statement-log/logs-user-policy';
import { sourceIpProblems } from './private/statement-log/source-ips';
import { ProvisionedResource } from './private/functions/provisioned-resource';
import { taskFailedAlarm, taskFailedMetric } from './private/functions/task-metric';
import type { AccessKeyProperties, LogsUserProperties } from './private/wire/resources';

/**
 * An IAM user with an access key with which Datafold reads the statement log.
 */
export interface ICloudWatchLogsUser extends IConstruct {
  /**
   * The secret that holds the access key: `{"accessKeyId": …, "secretAccessKey": …}`.
   */
  readonly accessKeySecret: secretsmanager.ISecret;

  /**
   * The id of the access key, where the user is of this app.
   */
  readonly accessKeyId?: string;

  /**
   * The log groups that the user may read; undefined where that is not known.
   */
  readonly logAccess?: LogAccess;

  /**
   * Whether the access key works from some addresses only.
   */
  readonly hasSourceIps: boolean;

  /**
   * Whether the access key is replaced from time to time.
   */
  readonly isRotated: boolean;

  /**
   * The topic that is notified of a new access key.
   */
  readonly noticeTopic?: sns.ITopic;

  /**
   * Says that a secret holds the access key, in a data source.
   *
   * @param secret the secret of the data source
   * @param logGroupName the statement log of its server
   * @returns whether a rotation writes a new key into the secret by itself; else the data source must look for a new one
   */
  addDataSource(secret: secretsmanager.ISecret, logGroupName: string): boolean;
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
 *
 * @example
 * declare const sales: rds.DatabaseCluster;
 * declare const orders: rds.DatabaseInstance;
 *
 * const logsUser = new CloudWatchLogsUser(this, 'LogsUser', { sourceIps: ['23.23.71.47/32'] });
 * const databases = [{ databaseName: 'app' }];
 * new DatafoldPostgres(this, 'Sales', { server: PostgresServer.auroraCluster(sales), databases, logsUser });
 * new DatafoldPostgres(this, 'Orders', { server: PostgresServer.rdsInstance(orders), databases, logsUser });
 */
export class CloudWatchLogsUser extends Construct implements ICloudWatchLogsUser {
  /**
   * A logs user that another stack or app made in this account, in whatever region.
   *
   * @param scope the construct to put it in
   * @param id the id in that construct
   * @param attributes what is known of the user
   */
  public static fromCloudWatchLogsUserAttributes(
    scope: Construct,
    id: string,
    attributes: CloudWatchLogsUserAttributes,
  ): ICloudWatchLogsUser {
    class Import extends Construct implements ICloudWatchLogsUser {
      public readonly accessKeySecret = attributes.accessKeySecret;
      public readonly logAccess = attributes.logAccess;
      public readonly hasSourceIps = attributes.hasSourceIps ?? false;
      public readonly isRotated = attributes.isRotated ?? false;
      public readonly noticeTopic = attributes.noticeTopic;

      public addDataSource(_secret: secretsmanager.ISecret, _logGroupName: string): boolean {
        return false;
      }
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

  public readonly logAccess?: LogAccess;

  public readonly hasSourceIps: boolean;

  public readonly isRotated: boolean;

  public readonly noticeTopic?: sns.ITopic;

  private readonly userPolicyArn: string;

  private readonly key: ProvisionedResource;

  private readonly rotation?: KeyRotation;

  /** The logs of the servers of this stack that use the user, and whether servers of other stacks do. */
  private readonly servers = { logGroupNames: new Set<string>(), others: false };

  public constructor(scope: Construct, id: string, props: CloudWatchLogsUserProps = {}) {
    super(scope, id);
    throwIfAny(this, [
      ...(props.logAccess?._problems ?? []),
      ...groupNameProblems(props.groupName),
      ...sourceIpProblems(props.sourceIps),
      ...secretNameProblems(props.secretName),
      ...keyRotationProblems(props.rotateAccessKey),
    ]);

    this.logAccess = props.logAccess ?? LogAccess.allPostgresLogGroups();
    this.hasSourceIps = props.sourceIps !== undefined;
    this.isRotated = props.rotateAccessKey !== undefined;
    this.noticeTopic = props.rotateAccessKey?.noticeTopic;
    this.groupName = props.groupName ?? GROUP_NAME;
    this.accessKeySecret = new secretsmanager.Secret(this, 'AccessKeySecret', {
      description: 'The access key with which Datafold reads the statement log',
      secretName: props.secretName,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const readOnly = iam.ManagedPolicy.fromAwsManagedPolicyName('CloudWatchLogsReadOnlyAccess');
    this.userPolicyArn = this.makeUserPolicy(this.logAccess, props);
    this.user = this.makeUser(this.logAccess, readOnly, props);
    const membership = joinGroup(this, this.user, this._logsUser, this.groupName, readOnly, props);
    const properties: AccessKeyProperties = {
      ...this._logsUser,
      secretArn: this.accessKeySecret.secretArn,
      secretKeyArn: this.accessKeySecret.encryptionKey?.keyArn,
    };
    this.key = this.makeKey(properties, membership, props);
    if (props.rotateAccessKey)
      this.rotation = new KeyRotation(this, this.key, this.user.userArn, properties, props.rotateAccessKey);
  }

  public get accessKeyId(): string | undefined {
    return this.key.attribute('AccessKeyId');
  }

  public addDataSource(secret: secretsmanager.ISecret, logGroupName: string): boolean {
    // A reference to the server of another stack would turn the order of the two stacks round.
    if (Stack.of(secret) === Stack.of(this)) this.servers.logGroupNames.add(logGroupName);
    else this.servers.others = true;
    return this.rotation?.add(secret) ?? false;
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
    return taskFailedMetric(this.key.provisioner, 'rotate-access-key', options);
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
  private makeUser(
    logAccess: LogAccess,
    readOnly: iam.IManagedPolicy,
    props: CloudWatchLogsUserProps,
  ): iam.User {
    const user = new iam.User(this, 'User', {
      managedPolicies: logAccess._all ? [readOnly] : [],
      permissionsBoundary: functionSettings(this, props).permissionsBoundary,
    });
    // Attached when the user is made. The provisioner makes no key for a user without it.
    user.addManagedPolicy({ managedPolicyArn: this.userPolicyArn });
    return user;
  }

  /** The ARN of the policy that limits what the user may do. */
  private makeUserPolicy(logAccess: LogAccess, { sourceIps }: CloudWatchLogsUserProps): string {
    const document = () =>
      logsUserPolicy({
        logGroups: logAccess._all ? undefined : this.narrowed(logAccess)._arns(Stack.of(this)),
        sourceIps,
      });
    const policy = new iam.CfnManagedPolicy(this, 'UserPolicy', {
      description: 'What the key of Datafold reads, and that it reads nothing else',
      policyDocument: Lazy.any({ produce: document }),
    });
    this.node.addValidation({ validate: () => logsUserPolicyProblems(this, document()) });
    return policy.ref;
  }

  private narrowed(logAccess: LogAccess): LogAccess {
    if (!logAccess._ofServers) return logAccess;
    const { logGroupNames, others } = this.servers;
    if (others || logGroupNames.size === 0 || logGroupNames.size > MAX_NAMED)
      return LogAccess.allPostgresLogGroups();
    return LogAccess.logGroupNames([...logGroupNames]);
  }

  private makeKey(
    properties: AccessKeyProperties,
    membership: ProvisionedResource,
    props: CloudWatchLogsUserProps,
  ): ProvisionedResource {
    const key = new ProvisionedResource(this, 'AccessKey', {
      resourceType: 'Custom::DatafoldAccessKey',
      properties,
      options: props,
      // Another name is another secret. Its token would not do: that is the same for both.
      rightsTo: props.secretName === undefined ? undefined : [props.secretName],
    });
    key.allow(
      ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:ListAccessKeys', 'iam:ListAttachedUserPolicies'],
      [this.user.userArn],
    );
    key.allowSecret(this.accessKeySecret, 'write');
    key.resource.node.addDependency(membership.resource);
    return key;
  }
}

function secretNameProblems(secretName: string | undefined): string[] {
  if (secretName === undefined || Token.isUnresolved(secretName) || !/-\w{6}$/.test(secretName)) return [];
  return [
    `\`secretName\` must not end in a hyphen and six characters, which Secrets Manager takes for the end of an ARN, got: ${secretName}`,
  ];
}
