/** An instance of RDS for PostgreSQL of somebody else, in a stack of its own. */
import { App, aws_ec2 as ec2, aws_rds as rds, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { describeInstance } from './parts/describe-server';
import { isolatedVpc } from './parts/isolated-vpc';
import { placed } from './parts/placed';

const app = new App();
const stack = new Stack(app, 'Instance', placed(app, 'Instance'));
const vpc = isolatedVpc(stack);
const instance = new rds.DatabaseInstance(stack, 'Database', {
  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.of('16.4', '16') }),
  vpc,
  vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  databaseName: 'app',
  removalPolicy: RemovalPolicy.DESTROY,
});
describeInstance(vpc, instance);
