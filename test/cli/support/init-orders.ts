/** What init writes for the Aurora cluster orders, with a secret that RDS manages. */
export const ORDERS = {
  typescript: `// Lets Datafold read the cluster orders (Aurora PostgreSQL 16.4). Written by cdk-datafold-postgres init.
import {
  Annotations,
  App,
  CfnOutput,
  Stack,
  aws_ec2 as ec2,
  aws_kms as kms,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

const app = new App();
const stack = new Stack(app, 'datafold-cluster-orders', {
  env: { account: '111122223333', region: 'eu-west-1' },
});

const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
});
const subnets: ec2.ISubnet[] = [
  ec2.Subnet.fromSubnetAttributes(stack, 'Subnet1', { subnetId: 'subnet-0123456789abcdef0', availabilityZone: 'eu-west-1a' }),
  ec2.Subnet.fromSubnetAttributes(stack, 'Subnet2', { subnetId: 'subnet-0123456789abcdef1', availabilityZone: 'eu-west-1b' }),
  ec2.Subnet.fromSubnetAttributes(stack, 'Subnet3', { subnetId: 'subnet-0123456789abcdef2', availabilityZone: 'eu-west-1b' }),
];
// The function that runs the SQL is in these subnets; it needs no route table.
Annotations.of(stack).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
const securityGroups: ec2.ISecurityGroup[] = [
  ec2.SecurityGroup.fromSecurityGroupId(stack, 'SecurityGroup1', 'sg-0123456789abcdef0'),
];

const adminSecret = secretsmanager.Secret.fromSecretAttributes(stack, 'AdminSecret', {
  secretCompleteArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!cluster-0a1b-AbCdEf',
  encryptionKey: kms.Key.fromKeyArn(stack, 'AdminSecretKey', 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555'),
});

const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
  clusterIdentifier: 'orders',
});

const datafold = new DatafoldPostgres(stack, 'Datafold', {
  server: PostgresServer.auroraCluster(cluster, {
    vpc,
    vpcSubnets: { subnets },
    securityGroups,
    adminSecret,
  }),
  // The database that was made with the server; add others that Datafold is to read.
  databases: [{ databaseName: 'app' }],
  // TODO: how Datafold reaches the server, which is private: networkAccess, as https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/network.md describes it.
});

datafold.dataSources.forEach(({ secret }, i) => {
  new CfnOutput(stack, \`DataSource\${i + 1}\`, { value: secret.secretArn });
});
app.synth();
`,

  python: `# Lets Datafold read the cluster orders (Aurora PostgreSQL 16.4). Written by cdk-datafold-postgres init.
from aws_cdk import (
    Annotations,
    App,
    CfnOutput,
    Environment,
    Stack,
    aws_ec2 as ec2,
    aws_kms as kms,
    aws_rds as rds,
    aws_secretsmanager as secretsmanager,
)
from cdk_datafold_postgres import DatabaseGrants, DatafoldPostgres, PostgresServer

app = App()
stack = Stack(
    app,
    "datafold-cluster-orders",
    env=Environment(account="111122223333", region="eu-west-1"),
)

vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id="vpc-0123456789abcdef0",
    availability_zones=["eu-west-1a", "eu-west-1b"],
)
subnets = [
    ec2.Subnet.from_subnet_attributes(
        stack, "Subnet1", subnet_id="subnet-0123456789abcdef0", availability_zone="eu-west-1a"
    ),
    ec2.Subnet.from_subnet_attributes(
        stack, "Subnet2", subnet_id="subnet-0123456789abcdef1", availability_zone="eu-west-1b"
    ),
    ec2.Subnet.from_subnet_attributes(
        stack, "Subnet3", subnet_id="subnet-0123456789abcdef2", availability_zone="eu-west-1b"
    ),
]
# The function that runs the SQL is in these subnets; it needs no route table.
Annotations.of(stack).acknowledge_warning("@aws-cdk/aws-ec2:noSubnetRouteTableId")
security_groups = [
    ec2.SecurityGroup.from_security_group_id(stack, "SecurityGroup1", "sg-0123456789abcdef0"),
]

admin_secret = secretsmanager.Secret.from_secret_attributes(
    stack,
    "AdminSecret",
    secret_complete_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!cluster-0a1b-AbCdEf",
    encryption_key=kms.Key.from_key_arn(stack, "AdminSecretKey", "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"),
)

cluster = rds.DatabaseCluster.from_database_cluster_attributes(
    stack, "Cluster", cluster_identifier="orders"
)

datafold = DatafoldPostgres(
    stack,
    "Datafold",
    server=PostgresServer.aurora_cluster(
        cluster,
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnets=subnets),
        security_groups=security_groups,
        admin_secret=admin_secret,
    ),
    # The database that was made with the server; add others that Datafold is to read.
    databases=[DatabaseGrants(database_name="app")],
    # TODO: how Datafold reaches the server, which is private: network_access, as https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/network.md describes it.
)

for i, data_source in enumerate(datafold.data_sources, 1):
    CfnOutput(stack, f"DataSource{i}", value=data_source.secret.secret_arn)
app.synth()
`,

  parameters: `[
  {
    "ParameterKey": "ClusterIdentifier",
    "ParameterValue": "orders"
  },
  {
    "ParameterKey": "AdminSecretArn",
    "ParameterValue": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!cluster-0a1b-AbCdEf"
  },
  {
    "ParameterKey": "AdminSecretKeyArn",
    "ParameterValue": "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  },
  {
    "ParameterKey": "DatabaseNames",
    "ParameterValue": "app"
  },
  {
    "ParameterKey": "VpcId",
    "ParameterValue": "vpc-0123456789abcdef0"
  },
  {
    "ParameterKey": "SubnetIds",
    "ParameterValue": "subnet-0123456789abcdef0,subnet-0123456789abcdef1,subnet-0123456789abcdef2"
  },
  {
    "ParameterKey": "SecurityGroupId",
    "ParameterValue": "sg-0123456789abcdef0"
  }
]
`,
};
