import { Tags, type aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import { ProvisionedResource } from '../functions/provisioned-resource';
import { SqlRunner } from '../functions/sql-runner';
import { TaskRule } from '../functions/task-rule';
import { eventSources } from '../server/event-sources';
import { serverDependencies, serverProperties } from '../server/server-properties';
import type { ServerSpec } from '../server/server-spec';
import type { PrivateLinkTargetsProperties } from '../wire/resources';
import { SERVER_TAG, serverTag } from '../wire/target-tag';
import type { RegisterTargetsTask } from '../wire/tasks';
import { rightsToFindWriter } from './writer-rights';

/** The schedule of the check for a new writer, in addition to events: EventBridge delivers RDS events on a best-effort basis. */
const SCHEDULE = 'rate(1 minute)';

const SHORTEN = 'shorten `caCertificate` to the one authority that is needed';

/** Keeps the writer of a server registered as the target of a load balancer, by tasks of the provisioner. */
export class WriterTargets extends Construct {
  /** The custom resource, which is complete when the target is healthy. */
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
    const { vpcId, rds, server: address } = properties;
    Tags.of(targetGroup).add(SERVER_TAG, serverTag({ ...address, vpcId, rds }), {
      includeResourceTypes: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    });
    this.resource = new ProvisionedResource(this, 'Targets', {
      resourceType: 'Custom::DatafoldPrivateLinkTargets',
      properties,
      options,
    });
    // No resource-level permissions (service authorization reference, Elastic Load Balancing V2 and Amazon EC2).
    const described = ['elasticloadbalancing:DescribeTags', 'elasticloadbalancing:DescribeTargetHealth'];
    this.resource.allowTogether({ actions: [...described, 'ec2:DescribeVpcs'], resources: ['*'] });
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
      shorten: SHORTEN,
    });
    if (kind)
      new TaskRule<RegisterTargetsTask>(this, 'Events', {
        of: this.resource,
        description:
          'Looks whether the load balancer of Datafold leads to the writer, when something happens to it',
        eventPattern: eventsOf(server),
        task: { datafoldTask: 'register-targets', properties, repeat: 'true' },
        shorten: SHORTEN,
      });
  }
}

/**
 * Returns the pattern for all RDS events of the server.
 *
 * The pattern is not limited to failovers, since a list of event ids would miss future ones, and an unnecessary check is harmless.
 */
function eventsOf(server: ServerSpec): object {
  return {
    source: ['aws.rds'],
    'detail-type':
      server.kind === 'cluster'
        ? ['RDS DB Cluster Event', 'RDS DB Instance Event']
        : ['RDS DB Instance Event'],
    detail: { SourceIdentifier: eventSources(server) },
  };
}
