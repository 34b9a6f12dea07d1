import type { aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import type { RdsServerOptions } from '../../postgres-server-options';
import { known, portOf } from './imported';
import { rdsSpec } from './rds-spec';
import type { ServerSpec } from './server-spec';

/** Returns the specification of an RDS instance, defined in this app or imported. */
export function instanceSpec(instance: rds.IDatabaseInstance, options: RdsServerOptions): ServerSpec {
  const endpoint = known(() => instance.instanceEndpoint);
  return rdsSpec(
    {
      factory: 'rdsInstance',
      type: 'postgres_aws_rds',
      kind: 'instance',
      construct: instance,
      identifier: instance.instanceIdentifier,
      engineType: instance.engine?.engineType,
      engineTypes: ['postgres'],
      // The CDK requires an address for an imported instance: an empty one means that it is not known.
      host: endpoint?.hostname || undefined,
      port: endpoint?.port ?? portOf(instance),
      // The classes have these properties, the interface does not.
      vpc: (instance as Partial<{ vpc: ec2.IVpc }>).vpc,
      securityGroups: instance.connections.securityGroups,
      secret: (instance as Partial<rds.DatabaseInstance>).secret,
    },
    options,
  );
}
