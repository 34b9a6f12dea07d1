import { CfnResource, Token, type aws_rds as rds } from 'aws-cdk-lib';
import { databaseResource } from '../server/database-resource';
import type { ServerSpec } from '../server/server-spec';
import { subnetsOfServer } from './subnets';

/**
 * Returns whether a server is publicly accessible; undefined if it is not known at synth.
 *
 * An Aurora cluster is publicly accessible if its instances are.
 */
export function publicAccess(server: ServerSpec): boolean | undefined {
  if (!databaseResource(server)) return undefined;
  const instances = server.resource?.node.findAll().filter(isInstance) ?? [];
  const known = instances.map(({ publiclyAccessible: value }) =>
    Token.isUnresolved(value) ? undefined : value,
  );
  if (known.length === 0 || known.includes(undefined)) return undefined;
  return known.includes(true);
}

/** Returns whether the app defines the server and none of its subnets has a route to an internet gateway. */
export function isWithoutGateway(server: ServerSpec): boolean {
  const { vpc } = server.network;
  const subnets = vpc && subnetsOfServer(server, vpc);
  if (!subnets) return false;
  return !subnets.some((subnet) => vpc.publicSubnets.includes(subnet));
}

const isInstance = (child: unknown): child is rds.CfnDBInstance =>
  CfnResource.isCfnResource(child) && child.cfnResourceType === 'AWS::RDS::DBInstance';
