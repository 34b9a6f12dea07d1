import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import type { StackFacts, StackResource } from '../doctor/ports';
import { withAwsContext } from './session';

/** A stack with its resources and its template; undefined if it does not exist. */
export async function findStack(client: CloudFormationClient, name: string): Promise<StackFacts | undefined> {
  const stack = await withAwsContext('cloudformation:DescribeStacks', name, () =>
    client.send(new DescribeStacksCommand({ StackName: name })).then(
      ({ Stacks }) => Stacks?.[0],
      (error: Error) => {
        if (/does not exist/.test(error.message)) return undefined;
        throw error;
      },
    ),
  );
  if (!stack) return undefined;
  const resources: StackResource[] = [];
  await withAwsContext('cloudformation:ListStackResources', name, async () => {
    for await (const page of paginateListStackResources({ client }, { StackName: name }))
      for (const one of page.StackResourceSummaries ?? [])
        resources.push({
          logicalId: one.LogicalResourceId ?? '',
          physicalId: one.PhysicalResourceId ?? '',
          type: one.ResourceType ?? '',
        });
  });
  const { TemplateBody = '' } = await withAwsContext('cloudformation:GetTemplate', name, () =>
    client.send(new GetTemplateCommand({ StackName: name })),
  );
  return {
    name,
    status: stack.StackStatus ?? '',
    resources,
    template: parse(TemplateBody),
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '', ResolvedValue }) => [
        ParameterKey,
        ResolvedValue ?? ParameterValue, // of a parameter of Systems Manager, whose name is the value
      ]),
    ),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
