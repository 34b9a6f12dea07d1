import {
  App,
  Arn,
  ArnFormat,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { CloudWatchLogsUser, DatafoldPostgres, LogAccess, PostgresServer } from 'cdk-datafold-postgres';

const ACCOUNT = '111122223333';
const HOME = 'eu-west-1';
/** Stacks of other regions find the access key by this name. */
const SECRET_NAME = 'datafold/logs-user-key';

/** Adds a stack with an Aurora cluster in a region, whose log Datafold reads with the key from the home region. */
function addRegion(app: App, region: string): Stack {
  const stack = new Stack(app, `Shop-${region}`, { env: { account: ACCOUNT, region } });
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
  const keyArn = Arn.format({
    partition: 'aws',
    service: 'secretsmanager',
    region: HOME,
    account: ACCOUNT,
    resource: 'secret',
    resourceName: SECRET_NAME,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const logsUser = CloudWatchLogsUser.fromCloudWatchLogsUserAttributes(stack, 'LogsUser', {
    accessKeySecret: secretsmanager.Secret.fromSecretPartialArn(stack, 'AccessKey', keyArn),
    isRotated: true,
    logAccess: LogAccess.allPostgresLogGroups(),
  });
  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(cluster),
    databases: [{ databaseName: 'shop' }],
    logsUser,
  });
  return stack;
}

/** Creates an app with clusters in two regions and one logs user, whose access key is replaced regularly. */
export function crossRegionApp(outdir?: string): App {
  const app = new App({ outdir });
  const home = new Stack(app, 'LogsUser', { env: { account: ACCOUNT, region: HOME } });
  new CloudWatchLogsUser(home, 'LogsUser', { secretName: SECRET_NAME, rotateAccessKey: {} });

  for (const region of ['eu-west-1', 'us-east-1']) addRegion(app, region).node.addDependency(home); // it reads the access key by its name
  return app;
}

if (require.main === module) crossRegionApp().synth();
