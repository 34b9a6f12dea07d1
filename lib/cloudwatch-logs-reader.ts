import {
  aws_iam as iam,
  aws_kms as kms,
  aws_secretsmanager as secretsmanager,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { AccessKeyRotation } from './access-key-rotation';
import { HandlerCode, type HandlerOptions } from './handler-code';
import { LogAccess } from './log-access';
import { KeyRotation, keyRotationProblems } from './private/key-rotation';
import { throwIfAny } from './private/problems';
import { ProvisionedResource } from './private/provisioned-resource';
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
 * What a logs reader of this library is made of.
 */
export interface CloudWatchLogsReaderProps extends HandlerOptions {
  /**
   * A group that exists already. It is taken as it is: no policy is added to it.
   *
   * @default - a group is made
   */
  readonly group?: iam.IGroup;

  /**
   * The name of the group that is made.
   *
   * The names of groups are unique in an account, so a second reader in the account needs another name, the `group` of the
   * first one, or, best, is left out: one reader can serve many servers.
   *
   * @default CloudWatchLogsReadOnly
   */
  readonly groupName?: string;

  /**
   * The log groups that may be read.
   *
   * @default LogAccess.allLogGroups()
   */
  readonly logAccess?: LogAccess;

  /**
   * The key that encrypts the secret with the access key.
   *
   * @default - the key of AWS for Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Replaces the access key from time to time.
   *
   * Datafold can't be told of the new one by its API: a person must enter it there.
   *
   * @default - the key stays the same
   */
  readonly rotateAccessKey?: AccessKeyRotation;
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
   */
  public static fromAccessKeySecret(
    scope: Construct,
    id: string,
    accessKeySecret: secretsmanager.ISecret,
  ): ICloudWatchLogsReader {
    class Import extends Construct implements ICloudWatchLogsReader {
      public readonly accessKeySecret = accessKeySecret;
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
  public readonly _rotation?: KeyRotation;

  public constructor(scope: Construct, id: string, props: CloudWatchLogsReaderProps = {}) {
    super(scope, id);
    const { logAccess = LogAccess.allLogGroups() } = props;
    throwIfAny(this.node.path, [
      ...logAccess._problems,
      ...exclusive(props),
      ...keyRotationProblems(props.rotateAccessKey),
    ]);

    this.group = props.group ?? this.makeGroup(props.groupName ?? 'CloudWatchLogsReadOnly', logAccess);
    this.user = new iam.User(this, 'User', { groups: [this.group] });
    this.accessKeySecret = new secretsmanager.Secret(this, 'AccessKeySecret', {
      description: 'The access key with which Datafold reads the statement log',
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this._rotation = this.makeKey(props.handlerCode ?? HandlerCode.asset(), props.rotateAccessKey);
  }

  /**
   * Lets somebody read the access key.
   *
   * @param grantee who may
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.accessKeySecret.grantRead(grantee);
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

  private makeKey(code: HandlerCode, rotation: AccessKeyRotation | undefined): KeyRotation | undefined {
    const properties: AccessKeyProperties = {
      userName: this.user.userName,
      secretArn: this.accessKeySecret.secretArn,
    };
    const key = new ProvisionedResource(this, 'AccessKey', {
      resourceType: 'Custom::DatafoldAccessKey',
      properties,
      code,
    });
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
