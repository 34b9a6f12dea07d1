import { ArnFormat, aws_ec2 as ec2, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionProps } from '../../function-options';
import type { PrivateLinkOptions } from '../../private-link-props';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { EndpointServiceProperties } from '../wire/resources';

/** An endpoint service whose connections are rejected before it is deleted, since EC2 does not delete one with connections. */
export class EndpointService extends Construct {
  public readonly serviceId: string;
  private readonly described: ProvisionedResource;

  public constructor(
    scope: Construct,
    id: string,
    loadBalancerArn: string,
    options: PrivateLinkOptions & FunctionProps,
  ) {
    super(scope, id);
    const service = new ec2.CfnVPCEndpointService(this, 'Service', {
      networkLoadBalancerArns: [loadBalancerArn],
      acceptanceRequired: options.acceptanceRequired ?? true,
    });
    // Older releases of the CDK lack this property.
    if (options.supportedRegions)
      service.addPropertyOverride('SupportedRegions', [
        ...new Set([Stack.of(this).region, ...options.supportedRegions]),
      ]);
    this.serviceId = service.ref;
    const properties: EndpointServiceProperties = { serviceId: service.ref };
    this.described = new ProvisionedResource(this, 'Connections', {
      resourceType: 'Custom::DatafoldEndpointService',
      properties,
      options,
    });
    const arn = Stack.of(this).formatArn({
      service: 'ec2',
      resource: 'vpc-endpoint-service',
      resourceName: service.ref,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    // Describe actions have no resource-level permissions (service authorization reference, "Actions, resources, and condition keys for Amazon EC2").
    this.described.allow(['ec2:DescribeVpcEndpointConnections'], ['*']);
    this.described.allow(['ec2:RejectVpcEndpointConnections'], [arn]);
    this.described.allowTogether({
      actions: ['ec2:DescribeAvailabilityZones', 'ec2:DescribeVpcEndpointServiceConfigurations'],
      resources: ['*'],
    });
    const permissions = new ec2.CfnVPCEndpointServicePermissions(this, 'Permissions', {
      serviceId: service.ref,
      allowedPrincipals: options.allowedPrincipals,
    });
    // The permissions are removed first, so that no new connections are requested while the existing ones are rejected.
    permissions.node.addDependency(this.described.resource);
  }

  /** The service name, such as `com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0`. */
  public get serviceName(): string {
    return this.described.attribute('ServiceName');
  }

  /** Whether Datafold was connected at the last deployment. */
  public get networkStatus(): string {
    return this.described.attribute('Network');
  }

  /** The IDs of the Availability Zones, which are the same in every account, unlike their names. */
  public get availabilityZoneIds(): string {
    return this.described.attribute('AvailabilityZoneIds');
  }
}
