import {
  App,
  aws_cloudwatch_actions as actions,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_sns as sns,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import { CloudWatchLogsUser, DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

/** Creates an app that replaces the password and the access key regularly, repairs drift, and notifies a topic. */
export function rotationApp(outdir?: string): App {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Shop');

  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  const cluster = new rds.DatabaseCluster(stack, 'Cluster', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('writer'),
    defaultDatabaseName: 'shop',
  });

  const noticeTopic = new sns.Topic(stack, 'DatafoldNotices');
  const logsUser = new CloudWatchLogsUser(stack, 'LogsUser', {
    rotateAccessKey: { every: Duration.days(90), overlap: Duration.days(14), noticeTopic },
  });
  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(cluster),
    databases: [{ databaseName: 'shop' }],
    logsUser,
    rotatePassword: { every: Duration.days(90), noticeTopic },
    reconcile: { every: Duration.hours(6), repair: true },
  });

  const notify = new actions.SnsAction(noticeTopic);
  datafold.addTaskAlarm(notify);
  datafold.access.reconciliation?.addAlarms(notify);
  return app;
}

if (require.main === module) rotationApp().synth();
