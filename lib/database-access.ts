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
import { allowLooks } from './private/server/server-lookup';
import { throwIfAny } from './private/problems';
import { assertShape } from './private/props-shape';
import { ProvisionedResource } from './private/functions/provisioned-resource';
import { RotatedPassword } from './private/rotation/rotated-password';
import { serverDependencies } from './private/server/server-dependencies';
import { secretRights } from './private/functions/secret-rights';
import { SqlRunner } from './private/functions/sql-runner';
import { taskFailedMetric } from './private/functions/task-metric';
import type { DatabaseAccessProperties } from './private/wire/resources';
import { ACCESS_SETTINGS } from './private/wire/settings';
import type { ReconcileOptions } from './reconcile-options';
import { Reconciliation } from './reconciliation';
import type { StatementLogging } from './statement-logging';

/**
 * The role with which Datafold logs in to PostgreSQL, and all that it may do there.
 *
 * In every database that is named: the schema for temporary tables with all rights, and USAGE and SELECT on the tables of the
 * other schemas. What everybody may do in a database it may do too: deployments report it. After the grants the function logs in as the role and checks each of them.
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
   * A role that another app set up, for data sources of this one.
   *
   * @param scope the construct to put it in
   * @param id the id in that construct
   * @param attributes what is known of the role
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
   * The function that runs the SQL; shared by all servers of the same network in a stack that the app does not define.
   */
  public readonly sqlRunner?: lambda.IFunction;

  /**
   * The network end of the function that runs the SQL.
   */
  public readonly connections: ec2.Connections;

  /**
   * The inspection of the server on a schedule; undefined where none was asked for.
   */
  public readonly reconciliation?: Reconciliation;

  /** @internal */
  public readonly _resource: ProvisionedResource;

  private readonly passwordRotation?: RotatedPassword;

  public constructor(scope: Construct, id: string, props: DatabaseAccessProps) {
    super(scope, id);
    assertShape(this, props, ['server', 'databases']);
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
    const adminSecret = byHand ? undefined : server.adminSecret!; // a problem above, where it is missing
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
    runner.pin({ server, adminSecretArn: adminSecret?.secretArn, roleName: this.roleName });
    this._resource.allow(['lambda:InvokeFunction'], [runner.function.functionArn]);
    allowLooks(this._resource, server);
    if (adminSecret) this._resource.allowSecret(adminSecret, 'read');
    this._resource.allowButToDelete(...secretRights(this.passwordSecret, 'read'));
    this._resource.resource.node.addDependency(runner, ...serverDependencies(server));
    if (props.rotatePassword)
      this.passwordRotation = new RotatedPassword(
        this,
        this._resource,
        this.passwordSecret,
        props.rotatePassword,
        props,
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
   * Lets somebody read the password of the role.
   *
   * @param grantee who may
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.passwordSecret.grantRead(grantee);
  }

  /**
   * 1 if a step of the rotation of the password failed or could not notify anybody, else 0.
   *
   * In the namespace `CdkDatafoldPostgres`: `TaskFailed`, by the name of the function (`Provisioner`) and `Task`.
   *
   * @param options how to look at the metric
   * @default - the highest of each hour
   */
  public metricPasswordRotationFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return taskFailedMetric(this._resource.provisioner, 'rotate-password', options);
  }

  /**
   * How many relations the role could read when the stack was deployed last.
   *
   * @attribute
   */
  public get readableRelations(): string {
    return this._resource.attribute('Relations');
  }

  /**
   * How many relations the role may read and could not when the stack was deployed last: views, materialized views and foreign
   * tables that fail. `notices` names the first.
   *
   * @attribute
   */
  public get failingRelations(): string {
    return this._resource.attribute('Failing');
  }

  /**
   * Of how many relations row-level security may have hidden rows when the stack was deployed last. `notices` names the first.
   *
   * @attribute
   */
  public get filteredRelations(): string {
    return this._resource.attribute('Filtered');
  }

  /**
   * How the login as the role went when the stack was deployed last: `ok`, or `failed:` and why.
   *
   * @attribute
   */
  public get connectionStep(): string {
    return this._resource.attribute('ConnectionStep');
  }

  /**
   * Whether the role could make a table in its schema and fill it: `ok`, or `failed:` and why.
   *
   * @attribute
   */
  public get tempSchemaStep(): string {
    return this._resource.attribute('TempSchemaStep');
  }

  /**
   * Whether all relations could be read: `ok`, or `failed:` and how many.
   *
   * @attribute
   */
  public get schemaDownloadStep(): string {
    return this._resource.attribute('SchemaDownloadStep');
  }

  /**
   * Whether the statements are logged and exported: `ok`, `failed:` and why, or `pending:` and what it waits for.
   *
   * @attribute
   */
  public get lineageDownloadStep(): string {
    return this._resource.attribute('LineageDownloadStep');
  }

  /**
   * What a person should know: what was kept, what the role can write though it only reads; empty if there is nothing.
   *
   * @attribute
   */
  public get notices(): string {
    return this._resource.attribute('Notices');
  }

  /** Verifies again when the instances that wait for a reboot are others, or none any more, whatever else stays as it is. */
  private follow(logging: StatementLogging): void {
    this.node.addDependency(logging);
    const property: keyof DatabaseAccessProperties = 'pendingReboot';
    if (logging.pendingReboot !== undefined)
      this._resource.resource.addPropertyOverride(property, logging.pendingReboot);
    this.reconciliation?._watch(logging);
  }

  private reconcileEvery({ every, repair }: ReconcileOptions, serverName: string): Reconciliation {
    // For log files that Aurora deleted before they were published; takes no resource.
    if (this.server._spec.kind === 'cluster')
      this._resource.allowTasks({ actions: ['rds:DescribeEvents'], resources: ['*'] });
    return Reconciliation._of(this, {
      access: this._resource,
      serverName,
      roleName: this.roleName,
      every: every ?? Duration.days(1),
      repair: repair ?? false,
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
