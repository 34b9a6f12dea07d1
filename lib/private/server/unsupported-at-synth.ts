import { CfnResource, type aws_rds as rds } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { UnsupportedServer } from './unsupported';

type ClusterProperties = Partial<rds.CfnDBClusterProps> & { readonly withExpressConfiguration?: unknown };

/** Returns the kind of an unsupported server, if it is known at synth. */
export function unsupportedAtSynth(
  kind: 'cluster' | 'instance',
  construct: IConstruct,
  engineType: string | undefined,
): UnsupportedServer | undefined {
  if (kind === 'instance') return unsupportedInstance(construct);
  const cluster = propertiesOf<ClusterProperties>(construct);
  if (engineType === 'postgres' || cluster.dbClusterInstanceClass !== undefined) return 'multi-az-db-cluster';
  if (cluster.engineMode === 'serverless') return 'serverless-v1';
  if (cluster.clusterScalabilityType === 'limitless' || /limitless/.test(String(cluster.engineVersion)))
    return 'limitless';
  if (cluster.withExpressConfiguration === true) return 'express';
  if (isGlobalSecondary(cluster)) return 'global-secondary';
  if (cluster.replicationSourceIdentifier !== undefined) return 'replica';
  return undefined;
}

function unsupportedInstance(construct: IConstruct): UnsupportedServer | undefined {
  const instance = propertiesOf<Partial<rds.CfnDBInstanceProps>>(construct);
  if (instance.dbClusterIdentifier !== undefined) return 'cluster-member';
  const { sourceDbInstanceIdentifier, sourceDbClusterIdentifier } = instance;
  return (sourceDbInstanceIdentifier ?? sourceDbClusterIdentifier) === undefined ? undefined : 'replica';
}

/**
 * Returns whether a cluster is a secondary of a global database.
 *
 * Only the primary has a master user in its definition; a secondary inherits it (CreateDBCluster, MasterUsername).
 */
function isGlobalSecondary(cluster: ClusterProperties): boolean {
  const { globalClusterIdentifier, masterUsername, manageMasterUserPassword, snapshotIdentifier } = cluster;
  if (globalClusterIdentifier === undefined) return false;
  return masterUsername === undefined && !manageMasterUserPassword && snapshotIdentifier === undefined;
}

/** Returns the properties of the CloudFormation resource of a construct, including overrides. */
export function propertiesOf<Properties extends object>(construct: IConstruct): Partial<Properties> {
  const child = construct.node.defaultChild;
  if (!child || !CfnResource.isCfnResource(child)) return {};
  const overrides = (child as unknown as { rawOverrides?: { Properties?: Record<string, unknown> } })
    .rawOverrides;
  const overridden = Object.entries(overrides?.Properties ?? {});
  return new Proxy(child, {
    get(target, name) {
      const override = overridden.find(([key]) => sameProperty(key, String(name)));
      return override ? override[1] : Reflect.get(target, name);
    },
  }) as unknown as Partial<Properties>;
}

/** Compares the names of a property in the template and in the CDK: `DBClusterIdentifier` and `dbClusterIdentifier`. */
const sameProperty = (inTemplate: string, inCdk: string) => inTemplate.toLowerCase() === inCdk.toLowerCase();
