import {
  aws_iam as iam,
  aws_kms as kms,
  aws_secretsmanager as secretsmanager,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CloudWatchLogsUser, type ICloudWatchLogsUser } from './cloudwatch-logs-user';
import { DatabaseAccess, type IDatabaseAccess } from './database-access';
import type { FunctionProps } from './function-options';
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
import type { Registration } from './registration';
import type { SslMode } from './ssl-mode';
import type { StatementLogging } from './statement-logging';

/**
 * What a data source of Datafold is made of: one database and how Datafold reads it.
 */
export interface DataSourceProps extends FunctionProps {
  /**
   * The role to log in with, and its server.
   */
  readonly access: IDatabaseAccess;

  /**
   * The database.
   */
  readonly databaseName: string;

  /**
   * Whose access key reads the statement log.
   *
   * @default - nobody's: Datafold derives no column-level lineage
   */
  readonly logsUser?: ICloudWatchLogsUser;

  /**
   * The name of the data source in Datafold.
   *
   * @default - the identifier of the server and the name of the database: `my-cluster/app`
   */
  readonly dataSourceName?: string;

  /**
   * How Datafold checks the server's certificate.
   *
   * Datafold gets the certificates of the authorities: the `caCertificate` of the server, else those of RDS in its region. It also
   * works through PrivateLink, where Datafold keeps the host name of RDS. With a `datafoldHost`, which the certificate does not
   * name, Datafold checks the authority alone.
   *
   * @default - SslMode.VERIFY_FULL; SslMode.VERIFY_CA where the server has a `datafoldHost`; SslMode.REQUIRE for an endpoint without a `caCertificate` that is known at synth
   */
  readonly sslMode?: SslMode;

  /**
   * Whether the deployment proves that lineage gets to Datafold.
   *
   * A statement is run as the role, and found in the statement log with the access key that Datafold gets. The deployment fails
   * where it does not arrive within 5 minutes, and says which link is broken: not logged, not exported, wrong group, wrong
   * log class, key not allowed. Where instances wait for a reboot it is pending, and `lineageProofNotice` says so.
   *
   * @default false
   */
  readonly proveLineage?: boolean;

  /**
   * What manages the statement log of the server. `proveLineage` then proves lineage again when other instances wait for a reboot, or none any more.
   *
   * @default - somebody else manages it
   */
  readonly statementLogging?: StatementLogging;

  /**
   * Makes the data source in Datafold itself, and waits for Datafold's own test of it.
   *
   * @default - none: the value of the secret is given to Datafold by whoever may read it
   */
  readonly registration?: Registration;

  /**
   * The key that encrypts the secret.
   *
   * @default - the key of AWS for Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * A secret whose value is a data source, just as Datafold's API takes it (`POST /api/v1/data_sources`).
 *
 * The value is put together when the stack is deployed: neither password nor access key pass through CloudFormation.
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
   * The secret.
   */
  public readonly secret: secretsmanager.ISecret;

  private readonly registered?: ProvisionedResource;
  private readonly proof?: ProvisionedResource;

  public constructor(scope: Construct, id: string, props: DataSourceProps) {
    super(scope, id);
    assertShape(this, props, []);
    throwIfAny(this, dataSourceProblems(props));
    const { access, logsUser } = props;
    this.secret = new secretsmanager.Secret(this, 'Secret', {
      description: 'A data source of Datafold: the body of POST /api/v1/data_sources',
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const properties = dataSourceProperties(props, this.secret);
    const value = new ProvisionedResource(this, 'Value', {
      resourceType: 'Custom::DatafoldDataSource',
      properties,
      options: props,
      policyOf: rightsOf(access),
    });
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
   * The id of the data source in Datafold; undefined without `registration`.
   *
   * @attribute
   */
  public get dataSourceId(): string | undefined {
    return this.registered?.attribute('DataSourceId');
  }

  /**
   * What has to be done by hand in Datafold, empty if nothing; undefined without `registration`.
   *
   * @attribute
   */
  public get registrationNotice(): string | undefined {
    return this.registered?.attribute('Notice');
  }

  /**
   * What the proof of lineage waits for, such as a reboot of instances: empty if nothing; undefined without `proveLineage`.
   *
   * @attribute
   */
  public get lineageProofNotice(): string | undefined {
    return this.proof?.attribute('Notice');
  }

  /**
   * Lets somebody read the data source, passwords included.
   *
   * @param grantee who may
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.secret.grantRead(grantee);
  }
}
