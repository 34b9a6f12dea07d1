"""An Aurora cluster in isolated subnets, which Datafold reaches through AWS PrivateLink."""

from aws_cdk import App, Stack, aws_ec2 as ec2, aws_rds as rds
from cdk_datafold_postgres import DatabaseGrants, DatafoldNetworkAccess, DatafoldPostgres, PostgresServer

app = App()
stack = Stack(app, "Shop")

vpc = ec2.Vpc(
    stack,
    "Vpc",
    max_azs=2,
    nat_gateways=0,
    subnet_configuration=[
        ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    ],
)
cluster = rds.DatabaseCluster(
    stack,
    "Cluster",
    engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_4),
    vpc=vpc,
    vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    writer=rds.ClusterInstance.serverless_v2("writer"),
    readers=[rds.ClusterInstance.serverless_v2("reader")],
    default_database_name="shop",
)

datafold = DatafoldPostgres(
    stack,
    "Datafold",
    server=PostgresServer.aurora_cluster(cluster),
    databases=[DatabaseGrants(database_name="shop")],
    network_access=DatafoldNetworkAccess.private_link(
        # Ask Datafold's support for the role and the range of its VPC.
        allowed_principals=["arn:aws:iam::123456789012:role/datafold"],
        client_cidrs=["10.20.0.0/16"],
    ),
)
datafold.private_link.add_alarms()

app.synth()
