import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Right } from '../functions/further-rights';
import type { ServerSpec } from '../server/server-spec';

/** Returns the permissions to find the writer, for any instance of the region: auto scaling adds readers that the app does not know. */
export function rightsToFindWriter(
  scope: Construct,
  { kind, identifier }: Pick<ServerSpec, 'kind' | 'identifier'>,
): Right[] {
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
