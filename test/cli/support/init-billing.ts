/** What init writes for the RDS instance billing, without such a secret, on another port, with two security groups. */
export const BILLING = {
  typescript: `// Lets Datafold read the instance billing (PostgreSQL 17.2). Written by cdk-datafold-postgres init.
// The server has the parameter group default.postgres17, which nobody can change. It gets one of its own, which takes effect
// at the next reboot of its instances. statementLog: StatementLog.managed({ rebootPolicy }) can reboot them for you.
import {
  Annotations,
  App,
  CfnOutput,
  Stack,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

const app = new App();
const stack = new Stack(app, 'datafold-instance-billing', {
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
  ec2.SecurityGroup.fromSecurityGroupId(stack, 'SecurityGroup2', 'sg-0123456789abcdef1'),
];

const adminSecret = secretsmanager.Secret.fromSecretAttributes(stack, 'AdminSecret', {
  // TODO: the complete ARN of the secret with the administrator's login (JSON with username and password). RDS manages none for this server.
  secretCompleteArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:TODO-AAAAAA',
});

const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
  instanceIdentifier: 'billing',
  instanceEndpointAddress: '', // read from RDS by the deployment
  port: 5433,
  securityGroups,
});

const datafold = new DatafoldPostgres(stack, 'Datafold', {
  server: PostgresServer.rdsInstance(instance, {
    vpc,
    vpcSubnets: { subnets },
    securityGroups,
    adminSecret,
    port: 5433,
  }),
  // TODO: the databases that Datafold is to read.
  databases: [{ databaseName: 'TODO' }],
  // TODO: how Datafold reaches the server, which is public: networkAccess, as https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/network.md describes it.
});

datafold.dataSources.forEach(({ secret }, i) => {
  new CfnOutput(stack, \`DataSource\${i + 1}\`, { value: secret.secretArn });
});
app.synth();
`,

  python: `# Lets Datafold read the instance billing (PostgreSQL 17.2). Written by cdk-datafold-postgres init.
# The server has the parameter group default.postgres17, which nobody can change. It gets one of its own, which takes effect
# at the next reboot of its instances. statement_log=StatementLog.managed(reboot_policy=…) can reboot them for you.
from aws_cdk import (
    Annotations,
    App,
    CfnOutput,
    Environment,
    Stack,
    aws_ec2 as ec2,
    aws_rds as rds,
    aws_secretsmanager as secretsmanager,
)
from cdk_datafold_postgres import DatabaseGrants, DatafoldPostgres, PostgresServer

app = App()
stack = Stack(
    app,
    "datafold-instance-billing",
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
    ec2.SecurityGroup.from_security_group_id(stack, "SecurityGroup2", "sg-0123456789abcdef1"),
]

admin_secret = secretsmanager.Secret.from_secret_attributes(
    stack,
    "AdminSecret",
    # TODO: the complete ARN of the secret with the administrator's login (JSON with username and password). RDS manages none for this server.
    secret_complete_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:TODO-AAAAAA",
)

instance = rds.DatabaseInstance.from_database_instance_attributes(
    stack,
    "Instance",
    instance_identifier="billing",
    instance_endpoint_address="",  # read from RDS by the deployment
    port=5433,
    security_groups=security_groups,
)

datafold = DatafoldPostgres(
    stack,
    "Datafold",
    server=PostgresServer.rds_instance(
        instance,
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnets=subnets),
        security_groups=security_groups,
        admin_secret=admin_secret,
        port=5433,
    ),
    # TODO: the databases that Datafold is to read.
    databases=[DatabaseGrants(database_name="TODO")],
    # TODO: how Datafold reaches the server, which is public: network_access, as https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/network.md describes it.
)

for i, data_source in enumerate(datafold.data_sources, 1):
    CfnOutput(stack, f"DataSource{i}", value=data_source.secret.secret_arn)
app.synth()
`,

  parameters: `[
  {
    "ParameterKey": "InstanceIdentifier",
    "ParameterValue": "billing"
  },
  {
    "ParameterKey": "Port",
    "ParameterValue": "5433"
  },
  {
    "ParameterKey": "AdminSecretArn",
    "ParameterValue": "TODO: the complete ARN of the secret with the administrator's login (JSON with username and password). RDS manages none for this server."
  },
  {
    "ParameterKey": "DatabaseNames",
    "ParameterValue": "TODO: the databases that Datafold is to read, with commas between them, "
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

/** The fleet file of both. */
export const FLEET = `{
  "$schema": "./node_modules/cdk-datafold-postgres/bin/fleet/fleet.schema.json",
  "accounts": {
    "111122223333": {
      "regions": {
        "eu-west-1": {
          "servers": [
            {
              "instance": "billing",
              // TODO: the databases that Datafold is to read.
              "databases": ["TODO"],
              // TODO: the complete ARN of the secret with the administrator's login (JSON with username and password). RDS manages none for this server.
              "adminSecret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:TODO-AAAAAA",
              "port": 5433,
              "vpc": "vpc-0123456789abcdef0",
              "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
              // It gets a rule that lets the function in. The server also has: sg-0123456789abcdef1.
              "securityGroup": "sg-0123456789abcdef0"
              // TODO: how Datafold reaches the server, which is public: networkAccess, as https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/no-code.md describes it.
            },
            {
              "cluster": "orders",
              // The database that was made with the server; add others that Datafold is to read.
              "databases": ["app"],
              "adminSecret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!cluster-0a1b-AbCdEf",
              "adminSecretKey": "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555",
              "vpc": "vpc-0123456789abcdef0",
              "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
              "securityGroup": "sg-0123456789abcdef0"
              // TODO: how Datafold reaches the server, which is private: networkAccess, as https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/no-code.md describes it.
            }
          ]
        }
      }
    }
  }
}
`;
