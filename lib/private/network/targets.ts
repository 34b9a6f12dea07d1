import { ArnFormat, Stack, type aws_elasticloadbalancingv2 as elbv2, type aws_rds as rds } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { ProvisionedResource } from '../functions/provisioned-resource';
import { SqlRunner } from '../functions/sql-runner';
import { TaskRule } from '../functions/task-rule';
import { known } from '../server/imported';
import { serverDependencies } from '../server/server-dependencies';
import { serverProperties } from '../server/server-properties';
import type { ServerSpec } from '../server/server-spec';
import type { PrivateLinkTargetsProperties } from '../wire/resources';
import type { RegisterTargetsTask } from '../wire/tasks';

/** How often it is looked where the writer is, whatever events say: EventBridge delivers those of RDS as well as it can. */
const SCHEDULE = 'rate(1 minute)';

/** Has the provisioner keep the targets of a load balancer at the writer of a server. */
export class WriterTargets extends Construct {
  /** Waits until connections get to the server. */
  public readonly resource: ProvisionedResource;

  public constructor(
    scope: Construct,
    id: string,
    server: ServerSpec,
    targetGroup: elbv2.NetworkTargetGroup,
    options: FunctionProps,
  ) {
    super(scope, id);
    const runner = SqlRunner.for(this, server, options);
    runner.pin({ server });
    const { kind, identifier, network } = server;
    const properties: PrivateLinkTargetsProperties = {
      targetGroupArn: targetGroup.targetGroupArn,
      vpcId: network.vpc!.vpcId,
      server: serverProperties(server),
      rds: kind && { kind, identifier },
      sqlRunner: runner.function.functionName,
    };
    this.resource = new ProvisionedResource(this, 'Targets', {
      resourceType: 'Custom::DatafoldPrivateLinkTargets',
      properties,
      options,
    });
    // They take no resource (service authorization reference, Elastic Load Balancing V2 and Amazon EC2).
    const described = ['elasticloadbalancing:DescribeTargetHealth', 'ec2:DescribeVpcs'];
    this.resource.allowTogether({ actions: described, resources: ['*'] });
    const registered = ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'];
    this.resource.allow(registered, [targetGroup.targetGroupArn]);
    this.resource.allow(['lambda:InvokeFunction'], [runner.function.functionArn]);
    for (const { actions, resources } of rightsToFindWriter(this, server))
      this.resource.allow(actions, resources);
    this.resource.resource.node.addDependency(runner, ...serverDependencies(server));
    new TaskRule<RegisterTargetsTask>(this, 'Schedule', {
      of: this.resource,
      description: 'Looks whether the load balancer of Datafold leads to the writer',
      schedule: SCHEDULE,
      task: { datafoldTask: 'register-targets', properties },
    });
    if (kind)
      new TaskRule<RegisterTargetsTask>(this, 'Events', {
        of: this.resource,
        description:
          'Looks whether the load balancer of Datafold leads to the writer, when something happens to it',
        eventPattern: eventsOf(server),
        task: { datafoldTask: 'register-targets', properties, goOnLooking: 'true' },
      });
  }
}

/** A cluster has instances that the app does not know of: readers come and go by themselves. */
function rightsToFindWriter(scope: Construct, { kind, identifier }: ServerSpec) {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({
      service: 'rds',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  if (!kind) return [];
  const instances = { actions: ['rds:DescribeDBInstances'] };
  if (kind === 'instance') return [{ ...instances, resources: [arn('db', identifier)] }];
  return [
    { actions: ['rds:DescribeDBClusters'], resources: [arn('cluster', identifier)] },
    { ...instances, resources: [arn('db', '*')] },
  ];
}

/**
 * Whatever RDS says of the server, not failovers alone: a list of ids would not know those of tomorrow, and a look that finds
 * nothing changes nothing.
 */
function eventsOf({ kind, identifier, resource }: ServerSpec): object {
  const instances = known(() => (resource as rds.IDatabaseCluster).instanceIdentifiers) ?? [];
  return {
    source: ['aws.rds'],
    'detail-type':
      kind === 'cluster' ? ['RDS DB Cluster Event', 'RDS DB Instance Event'] : ['RDS DB Instance Event'],
    detail: { SourceIdentifier: [identifier, ...(kind === 'cluster' ? instances : [])] },
  };
}
