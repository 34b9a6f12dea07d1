import { App, aws_ec2 as ec2, aws_rds as rds, Stack, type StackProps } from 'aws-cdk-lib';

/** The feature flags of a new CDK app that change what the constructs emit. */
const CONTEXT = {
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true,
};

export function newStack(id = 'Test', props: StackProps = {}): Stack {
  return new Stack(new App({ context: CONTEXT }), id, props);
}

export function isolatedVpc(stack: Stack, id = 'Vpc'): ec2.Vpc {
  return new ec2.Vpc(stack, id, {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
}

export const AURORA = rds.DatabaseClusterEngine.auroraPostgres({
  version: rds.AuroraPostgresEngineVersion.VER_16_4,
});
export const POSTGRES = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16_4 });

export function auroraCluster(
  stack: Stack,
  props: Partial<rds.DatabaseClusterProps> = {},
  id = 'Cluster',
): rds.DatabaseCluster {
  return new rds.DatabaseCluster(stack, id, {
    engine: AURORA,
    vpc: props.vpc ?? isolatedVpc(stack, `${id}Vpc`),
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('writer'),
    defaultDatabaseName: 'app',
    ...props,
  });
}

export function rdsInstance(
  stack: Stack,
  props: Partial<rds.DatabaseInstanceProps> = {},
  id = 'Instance',
): rds.DatabaseInstance {
  return new rds.DatabaseInstance(stack, id, {
    engine: POSTGRES,
    vpc: props.vpc ?? isolatedVpc(stack, `${id}Vpc`),
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    databaseName: 'app',
    ...props,
  });
}

/** A certificate as a user passes it; synth does not parse it. */
export const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
