import {
  type aws_cloudwatch as cloudwatch,
  aws_ec2 as ec2,
  aws_iam as iam,
  aws_kms as kms,
  aws_lambda as lambda,
  aws_secretsmanager as secretsmanager,
  type aws_sns as sns,
  CfnOutput,
  Duration,
  RemovalPolicy,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DatabaseAccessAttributes, DatabaseAccessProps, IDatabaseAccess } from './database-access-props';
import type { PostgresServer } from './postgres-server';
import { accessProblems, accessProperties } from './private/access/access-properties';
import { importAccess } from './private/access/imported-access';
import { makesThisRole } from './private/access/one-role';
import { allowInspection } from './private/server/server-lookup';
import { throwIfAny } from './private/problems';
import { assertShape } from './private/props-shape';
import { ProvisionedResource } from './private/functions/provisioned-resource';
import { RotatedPassword } from './private/rotation/rotated-password';
import { serverDependencies } from './private/server/server-properties';
import { secretRights } from './private/functions/secret-and-topic-rights';
import { SqlRunner } from './private/functions/sql-runner';
import { taskFailedMetric } from './private/functions/task-metric';
import type { DatabaseAccessProperties } from './private/wire/resources';
import { ACCESS_SETTINGS } from './private/wire/settings';
import type { ReconcileOptions } from './reconcile-options';
import { Reconciliation } from './reconciliation';
import type { StatementLogging } from './statement-logging';

/**
 * A role that Datafold logs in to PostgreSQL with, and its privileges.
 *
 * In every database of `databases` the role gets a schema for temporary tables with all privileges, USAGE on the other schemas and
 * SELECT on their tables. The role also has the privileges of PUBLIC; deployments report them. After the grants the function logs in
 * as the role and verifies each of them.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 *
 * new DatabaseAccess(this, 'Access', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app', schemas: ['public', 'sales'] }],
 * });
 */
export class DatabaseAccess extends Construct implements IDatabaseAccess, ec2.IConnectable {
  /**
   * Imports a role that another app defines, for the data sources of this app.
   *
   * @param scope the scope in which the import is defined
   * @param id the id of the import in that scope
   * @param attributes the attributes of the role
   */
  public static fromDatabaseAccessAttributes(
    scope: Construct,
    id: string,
    attributes: DatabaseAccessAttributes,
  ): IDatabaseAccess {
    return importAccess(scope, id, attributes);
  }

  public readonly server: PostgresServer;

  public readonly roleName: string;

  public readonly tempSchema: string;

  public readonly passwordSecret: secretsmanager.ISecret;

  public readonly databaseNames?: string[];

  public readonly isRotated: boolean;

  public readonly noticeTopic?: sns.ITopic;

  /**
   * The function that runs the SQL.
   *
   * Imported servers of a stack that are in the same network share one function.
   */
  public readonly sqlRunner?: lambda.IFunction;

  /**
   * The network connections of the function that runs the SQL.
   */
  public readonly connections: ec2.Connections;

  /**
   * The inspection of the server on a schedule; undefined without `reconcile`.
   */
  public readonly reconciliation?: Reconciliation;

  /** @internal */
  public readonly _resource: ProvisionedResource;

  private readonly passwordRotation?: RotatedPassword;

  public constructor(scope: Construct, id: string, props: DatabaseAccessProps) {
    super(scope, id);
    assertShape(this, props, 'DatabaseAccessProps', ['server', 'databases']);
    throwIfAny(this, accessProblems(this, props), props.server._spec.lookUpProblem);
    makesThisRole(this, props);
    const { roleName, tempSchema } = ACCESS_SETTINGS;
    this.server = props.server;
    this.databaseNames = props.databases.map(({ databaseName }) => databaseName);
    this.isRotated = props.rotatePassword !== undefined;
    this.noticeTopic = props.rotatePassword?.noticeTopic;
    this.roleName = props.roleName ?? roleName.fallback;
    this.tempSchema = props.tempSchema ?? tempSchema.fallback;
    const byHand = props.sqlBy?._passwordSecret;
    this.passwordSecret = byHand ?? props.passwordSecret ?? this.makePassword(props.encryptionKey);

    const server = props.server._spec;
    const adminSecret = byHand ? undefined : server.adminSecret!; // `accessProblems` rejects a missing one
    const runner = SqlRunner.for(this, server, props);
    this.sqlRunner = runner.function;
    this.connections = runner.connections;
    this._resource = new ProvisionedResource(this, 'Access', {
      resourceType: 'Custom::DatafoldDatabaseAccess',
      properties: accessProperties(props, {
        adminSecret,
        passwordSecret: this.passwordSecret,
        runner,
      }),
      options: props,
      movesWithNetwork: true,
      sharesRights: true,
      rightsTo: [
        server.identifier,
        runner.function.functionArn,
        ...(adminSecret ? [adminSecret.secretArn] : []),
      ],
    });
    runner.pin({
      server,
      adminSecretArn: adminSecret?.secretArn,
      roleName: this.roleName,
      rotatedSecret: this.isRotated ? this.passwordSecret : undefined,
    });
    this._resource.allow(['lambda:InvokeFunction'], [runner.function.functionArn]);
    allowInspection(this._resource, server);
    if (adminSecret) this._resource.allowSecret(adminSecret, 'read');
    this._resource.allowButToDelete(...secretRights(this.passwordSecret, 'read'));
    this._resource.resource.node.addDependency(runner, ...serverDependencies(server));
    if (props.rotatePassword)
      this.passwordRotation = new RotatedPassword(
        this,
        this._resource,
        this.passwordSecret,
        props.rotatePassword,
      );
    if (props.reconcile) this.reconciliation = this.reconcileEvery(props.reconcile, server.identifier);
    if (props.verification?.outputs) this.addOutputs();
    if (props.statementLogging) this.follow(props.statementLogging);
  }

  public get host(): string {
    return this.server.host ?? this._resource.attribute('Host');
  }

  public addDataSource(secret: secretsmanager.ISecret): boolean {
    return this.passwordRotation?.add(secret) ?? false;
  }

  /**
   * Grants a principal read access to the password of the role.
   *
   * @param grantee the principal to grant access to
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.passwordSecret.grantRead(grantee);
  }

  /**
   * Metric that is 1 if a step of the password rotation failed or could not send its notice, else 0.
   *
   * `TaskFailed` in the namespace `CdkDatafoldPostgres`, with the dimensions `Provisioner` (the name of the function) and `Task`.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over 1 hour
   */
  public metricPasswordRotationFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return taskFailedMetric(this._resource.provisioner, 'rotate-password', options);
  }

  /**
   * The number of relations that the role could read at the last deployment.
   *
   * @attribute
   */
  public get readableRelations(): string {
    return this._resource.attribute('Relations');
  }

  /**
   * The number of relations that failed at the last deployment although the role has SELECT on them: views, materialized views and
   * foreign tables.
   *
   * `notices` names the first of them.
   *
   * @attribute
   */
  public get failingRelations(): string {
    return this._resource.attribute('Failing');
  }

  /**
   * The number of relations whose rows row-level security may have hidden from the role at the last deployment.
   *
   * `notices` names the first of them.
   *
   * @attribute
   */
  public get filteredRelations(): string {
    return this._resource.attribute('Filtered');
  }

  /**
   * Whether the role could log in at the last deployment: `ok`, or `failed:` and the reason.
   *
   * @attribute
   */
  public get connectionStep(): string {
    return this._resource.attribute('ConnectionStep');
  }

  /**
   * Whether the role could create and fill a table in its schema: `ok`, or `failed:` and the reason.
   *
   * @attribute
   */
  public get tempSchemaStep(): string {
    return this._resource.attribute('TempSchemaStep');
  }

  /**
   * Whether the role could read all relations: `ok`, or `failed:` and the number that it could not read.
   *
   * @attribute
   */
  public get schemaDownloadStep(): string {
    return this._resource.attribute('SchemaDownloadStep');
  }

  /**
   * Whether the statements are logged and exported: `ok`, `failed:` and the reason, or `pending:` and what is awaited.
   *
   * @attribute
   */
  public get lineageDownloadStep(): string {
    return this._resource.attribute('LineageDownloadStep');
  }

  /**
   * Notices of the last deployment, such as objects that were kept or write privileges that the role has; empty if there are none.
   *
   * @attribute
   */
  public get notices(): string {
    return this._resource.attribute('Notices');
  }

  /** Runs the verification again whenever the list of instances that wait for a reboot changes. */
  private follow(logging: StatementLogging): void {
    this.node.addDependency(logging);
    const property: keyof DatabaseAccessProperties = 'pendingReboot';
    if (logging.pendingReboot !== undefined)
      this._resource.resource.addPropertyOverride(property, logging.pendingReboot);
    this.reconciliation?._watch(logging);
  }

  private reconcileEvery({ every, repair }: ReconcileOptions, serverName: string): Reconciliation {
    // Finds log files that Aurora deleted before they were published. The action does not support resource-level permissions.
    if (this.server._spec.kind === 'cluster')
      this._resource.allowTasks({ actions: ['rds:DescribeEvents'], resources: ['*'] });
    return Reconciliation._of(this, {
      access: this._resource,
      serverName,
      roleName: this.roleName,
      every: every ?? Duration.days(1),
      repair: repair ?? false,
      rotatesPassword: this.isRotated,
    });
  }

  private addOutputs(): void {
    const steps = {
      Connection: this.connectionStep,
      TempSchema: this.tempSchemaStep,
      SchemaDownload: this.schemaDownloadStep,
      LineageDownload: this.lineageDownloadStep,
    };
    for (const [step, value] of Object.entries(steps))
      new CfnOutput(this, `${step}Step`, { value, description: `Datafold's test of role ${this.roleName}` });
    new CfnOutput(this, 'FailingRelations', {
      value: this.failingRelations,
      description: `Relations that fail when role ${this.roleName} reads them`,
    });
    new CfnOutput(this, 'FilteredRelations', {
      value: this.filteredRelations,
      description: `Relations of which row-level security may hide rows from role ${this.roleName}`,
    });
  }

  private makePassword(encryptionKey: kms.IKey | undefined): secretsmanager.Secret {
    return new secretsmanager.Secret(this, 'Password', {
      description: 'The password of the PostgreSQL role of Datafold',
      encryptionKey,
      generateSecretString: { passwordLength: 40, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
