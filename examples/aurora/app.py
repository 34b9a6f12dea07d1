"""An Aurora cluster in isolated subnets, and Datafold's access to it."""

from aws_cdk import App, Stack, aws_ec2 as ec2, aws_rds as rds
from cdk_datafold_postgres import DatabaseGrants, DatafoldPostgres, PostgresServer

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
    default_database_name="shop",
)

DatafoldPostgres(
    stack,
    "Datafold",
    server=PostgresServer.aurora_cluster(cluster),
    databases=[DatabaseGrants(database_name="shop")],
)

app.synth()
