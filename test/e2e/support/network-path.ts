import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  DeleteInternetGatewayCommand,
  DeleteRouteCommand,
  DetachInternetGatewayCommand,
} from '@aws-sdk/client-ec2';
import { DescribeDBClustersCommand, ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import type { PathVariant } from '../apps/network-path';
import type { World } from './world';

/** The app of a network path alone, to the server that scenarios share. */
const pathOf = ({ server }: World, variant: Partial<PathVariant>) => ({
  app: 'network-path',
  stacks: ['Path'],
  context: { variant: JSON.stringify({ server, ...variant }) },
});
export const deployPath = async (world: World, variant: Partial<PathVariant>) =>
  world.cdk.deploy(pathOf(world, variant));
export const tryPath = async (world: World, variant: Partial<PathVariant>) =>
  world.cdk.tryDeploy(pathOf(world, variant));
export const destroyPath = async (world: World, variant: Partial<PathVariant>) =>
  world.cdk.destroy(pathOf(world, variant));

/** Makes the instances of the server publicly accessible, or no longer. */
export async function makeAccessible(
  { aws: { rds }, server }: World,
  PubliclyAccessible: boolean,
): Promise<void> {
  const { ClusterIdentifier: DBClusterIdentifier } = server;
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  for (const { DBInstanceIdentifier } of DBClusters?.[0].DBClusterMembers ?? [])
    await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, PubliclyAccessible }));
}

/** Gives the subnets of the server a route to an internet gateway; the function takes it away again. */
export async function openGateway({ aws: { ec2 }, server }: World): Promise<() => Promise<void>> {
  const { VpcId } = server;
  const tables = [...new Set(server.RouteTableIds.split(','))];
  const made = await ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = made.InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  const DestinationCidrBlock = '0.0.0.0/0';
  for (const RouteTableId of tables)
    await ec2.send(
      new CreateRouteCommand({ RouteTableId, DestinationCidrBlock, GatewayId: InternetGatewayId }),
    );
  return async () => {
    for (const RouteTableId of tables)
      await ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock }));
    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
  };
}
