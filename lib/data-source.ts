import { aws_iam as iam, aws_secretsmanager as secretsmanager, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CloudWatchLogsUser } from './cloudwatch-logs-user';
import type { DataSourceProps } from './data-source-props';
import { DatabaseAccess } from './database-access';
import { dataSourceProblems, dataSourceProperties } from './private/data-source/data-source-properties';
import { proveLineage } from './private/data-source/lineage-proof';
import { throwIfAny } from './private/problems';
import { assertShape } from './private/props-shape';
import { validateLogClass } from './private/statement-log/log-class';
import { ProvisionedResource } from './private/functions/provisioned-resource';
import { registerLast } from './private/data-source/registered-last';
import { register } from './private/data-source/registration';
import { rightsOf } from './private/data-source/rights-of';
import { followSecrets } from './private/rotation/follow-secrets';

/**
 * A secret whose value is the definition of a data source, in the format of Datafold's API (`POST /api/v1/data_sources`).
 *
 * The value is assembled at deployment: neither the password nor the access key passes through CloudFormation.
 *
 * @example
 * declare const access: DatabaseAccess;
 * declare const logsUser: CloudWatchLogsUser;
 *
 * const dataSource = new DataSource(this, 'DataSource', { access, databaseName: 'app', logsUser });
 * new CfnOutput(this, 'Secret', { value: dataSource.secret.secretArn });
 */
export class DataSource extends Construct {
  /**
   * The secret that holds the definition of the data source.
   */
  public readonly secret: secretsmanager.ISecret;

  private readonly value: ProvisionedResource;
  private readonly registered?: ProvisionedResource;
  private readonly proof?: ProvisionedResource;

  public constructor(scope: Construct, id: string, props: DataSourceProps) {
    super(scope, id);
    assertShape(this, props, 'DataSourceProps');
    throwIfAny(this, dataSourceProblems(props));
    const { access, logsUser } = props;
    this.secret = new secretsmanager.Secret(this, 'Secret', {
      description: 'A data source of Datafold: the body of POST /api/v1/data_sources',
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const properties = dataSourceProperties(props, this.secret);
    const value = (this.value = new ProvisionedResource(this, 'Value', {
      resourceType: 'Custom::DatafoldDataSource',
      properties,
      options: props,
      policyOf: rightsOf(access),
    }));
    value.allowSecret(this.secret, 'write');
    value.allowSecret(access.passwordSecret, 'read');
    if (logsUser) value.allowSecret(logsUser.accessKeySecret, 'read');
    followSecrets(value, this.secret, props);
    if (access instanceof DatabaseAccess && logsUser instanceof CloudWatchLogsUser)
      if (Stack.of(logsUser) === Stack.of(access)) access.reconciliation?._watchLogsUser(logsUser._logsUser);
    value.resource.node.addDependency(access, ...(logsUser ? [logsUser] : []));
    this.proof = props.proveLineage ? proveLineage(this, props, this.secret) : undefined;
    this.proof?.resource.node.addDependency(value.resource);
    if (logsUser) validateLogClass(this, access.server._spec);
    if (props.registration) {
      this.registered = register(this, props.registration, props, properties);
      this.registered.resource.node.addDependency(this.proof?.resource ?? value.resource);
      registerLast(this.registered.resource);
    }
  }

  /**
   * What the data source lacks, such as the certificates of RDS in a region that this release does not know; empty if nothing.
   *
   * @attribute
   */
  public get notice(): string {
    return this.value.attribute('Notice');
  }

  /**
   * The id of the data source in Datafold; undefined without `registration`.
   *
   * @attribute
   */
  public get dataSourceId(): string | undefined {
    return this.registered?.attribute('DataSourceId');
  }

  /**
   * What must be done by hand in Datafold; empty if nothing, undefined without `registration`.
   *
   * @attribute
   */
  public get registrationNotice(): string | undefined {
    return this.registered?.attribute('Notice');
  }

  /**
   * What the check of `proveLineage` waits for, such as a reboot of instances; empty if nothing, undefined without `proveLineage`.
   *
   * @attribute
   */
  public get lineageProofNotice(): string | undefined {
    return this.proof?.attribute('Notice');
  }

  /**
   * Grants a principal read access to the secret, which contains the password and the access key.
   *
   * @param grantee the principal to grant access to
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.secret.grantRead(grantee);
  }
}
