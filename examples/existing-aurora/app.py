"""Datafold's access to an Aurora cluster that exists already."""

from aws_cdk import App, Environment, Stack, aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager
from cdk_datafold_postgres import DatabaseGrants, DatafoldPostgres, PostgresServer

ENV = Environment(account="111122223333", region="eu-west-1")
ADMIN_SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-admin-AbCdEf"

app = App()
stack = Stack(app, "Datafold", env=ENV)

cluster = rds.DatabaseCluster.from_database_cluster_attributes(stack, "Cluster", cluster_identifier="shop")
vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id="vpc-0123456789abcdef0",
    availability_zones=["eu-west-1a", "eu-west-1b"],
    isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
)
server = PostgresServer.aurora_cluster(
    cluster,
    vpc=vpc,
    security_groups=[ec2.SecurityGroup.from_security_group_id(stack, "ClusterGroup", "sg-0123456789abcdef0")],
    admin_secret=secretsmanager.Secret.from_secret_complete_arn(stack, "Admin", ADMIN_SECRET),
)

DatafoldPostgres(
    stack,
    "Datafold",
    server=server,
    databases=[DatabaseGrants(database_name="shop", exclude_tables=["public.payment_cards"])],
)

app.synth()
