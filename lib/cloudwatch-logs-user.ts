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
import { LOGS_GROUP_NAME, LOGS_GROUP_POLICY } from './private/datafold';
import { assertShape } from './private/props-shape';
import { groupNameProblems, joinGroup } from './private/statement-log/logs-user-group';
import { logsUserPolicy, logsUserPolicyProblems } from './private/statement-log/logs-user-policy';
import { sourceIpProblems } from './private/statement-log/source-ips';
import { ProvisionedResource } from './private/functions/provisioned-resource';
import { taskFailedAlarm, taskFailedMetric } from './private/functions/task-metric';
import type { AccessKeyProperties, LogsUserProperties } from './private/wire/resources';

/**
 * An IAM user whose access key Datafold uses to read the statement log.
 */
export interface ICloudWatchLogsUser extends IConstruct {
  /**
   * The secret that holds the access key: `{"accessKeyId": …, "secretAccessKey": …}`.
   */
  readonly accessKeySecret: secretsmanager.ISecret;

  /**
   * The id of the access key; undefined for an imported user.
   */
  readonly accessKeyId?: string | undefined;

  /**
   * The log groups that the user may read; undefined if they are not known.
   */
  readonly logAccess?: LogAccess;

  /**
   * Whether the access key may be used from certain addresses only.
   */
  readonly hasSourceIps: boolean;

  /**
   * Whether the access key is rotated.
   */
  readonly isRotated: boolean;

  /**
   * The topic that is notified of a new access key.
   */
  readonly noticeTopic?: sns.ITopic;

  /**
   * Registers the secret of a data source, which contains the access key.
   *
   * @param secret the secret of the data source
   * @param logGroupName the statement log of its server
   * @returns whether the rotation updates the secret; if not, the data source must check for a new key itself
   */
  addDataSource(secret: secretsmanager.ISecret, logGroupName: string): boolean;
}

/** The maximum number of log groups that the policy of the user names one by one: IAM limits a policy to 6,144 characters. */
const MAX_NAMED = 10;

/**
 * An IAM user that may read the statement log, with its access key in a secret.
 *
 * The user is a member of the IAM group that Datafold's guide describes. A policy of the user denies everything except reading the logs
 * in `logAccess`, whatever the group allows.
 *
 * The access key is created at deployment and written directly into the secret: it appears neither in the template nor in
 * CloudFormation. When the stack is deleted, the access keys are deleted before the user.
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
   * Imports a logs user that another stack or app defines in this account, in any region.
   *
   * @param scope the scope in which the import is defined
   * @param id the id of the import in that scope
   * @param attributes the attributes of the user
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
   * The name of the IAM group that the user is a member of.
   */
  public readonly groupName: string;

  /**
   * The IAM user whose access key Datafold uses.
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

  /** The statement logs of this stack's servers that use the user, and whether servers of other stacks use it too. */
  private readonly servers = { logGroupNames: new Set<string>(), others: false };

  public constructor(scope: Construct, id: string, props: CloudWatchLogsUserProps = {}) {
    super(scope, id);
    assertShape(this, props, 'CloudWatchLogsUserProps');
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
    this.groupName = props.groupName ?? LOGS_GROUP_NAME;
    this.accessKeySecret = new secretsmanager.Secret(this, 'AccessKeySecret', {
      description: 'The access key with which Datafold reads the statement log',
      secretName: props.secretName,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const readOnly = iam.ManagedPolicy.fromAwsManagedPolicyName(LOGS_GROUP_POLICY);
    this.userPolicyArn = this.makeUserPolicy(this.logAccess, props);
    this.user = this.makeUser(this.logAccess, readOnly, props);
    const { user, groupName } = this;
    const member = { user, groupName, logsUser: this._logsUser, policy: readOnly };
    const membership = joinGroup(this, member, props);
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
    // A reference to a server of another stack would reverse the dependency between the two stacks.
    if (Stack.of(secret) === Stack.of(this)) this.servers.logGroupNames.add(logGroupName);
    else this.servers.others = true;
    return this.rotation?.add(secret) ?? false;
  }

  /**
   * The name of the user, and the policy that must be attached to the user.
   *
   * @internal
   */
  public get _logsUser(): LogsUserProperties {
    return { userName: this.user.userName, userPolicyArn: this.userPolicyArn };
  }

  /**
   * Grants a principal read access to the secret of the access key.
   *
   * @param grantee the principal to grant access to
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.accessKeySecret.grantRead(grantee);
  }

  /**
   * Metric that is 1 if the daily check of the access key failed, requires manual action or could not send its notice, else 0.
   *
   * `TaskFailed` in the namespace `CdkDatafoldPostgres`, with the dimensions `Provisioner` (the name of the function) and `Task`.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over 1 hour
   */
  public metricKeyRotationFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return taskFailedMetric(this.key.provisioner, 'rotate-access-key', options);
  }

  /**
   * Adds an alarm for a rotation of the access key that failed or requires manual action.
   *
   * @param actions the actions of the alarm, such as an `SnsAction` of `aws-cloudwatch-actions`
   */
  public addKeyRotationAlarm(...actions: cloudwatch.IAlarmAction[]): cloudwatch.Alarm {
    return taskFailedAlarm(this, this.metricKeyRotationFailed(), actions);
  }

  /** Attaches policies to the user itself, since an existing group may lack the managed policy. */
  private makeUser(
    logAccess: LogAccess,
    readOnly: iam.IManagedPolicy,
    props: CloudWatchLogsUserProps,
  ): iam.User {
    const user = new iam.User(this, 'User', {
      managedPolicies: logAccess._all ? [readOnly] : [],
      permissionsBoundary: functionSettings(this, props).permissionsBoundary,
    });
    // Attached when the user is created. The provisioner creates no access key for a user without this policy.
    user.addManagedPolicy({ managedPolicyArn: this.userPolicyArn });
    return user;
  }

  /** Creates the policy that limits what the user may do, and returns its ARN. */
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
      // A new name means a new secret. The token of the secret's ARN cannot tell the two apart.
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
