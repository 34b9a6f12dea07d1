import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';

export interface StackState {
  readonly id: string;
  readonly status: string;
  readonly outputs: Record<string, string>;
}

/** What CloudFormation says about stacks. */
export class Stacks {
  public constructor(private readonly client: CloudFormationClient) {}

  /** Undefined when there is no such stack (any more). */
  public async find(name: string): Promise<StackState | undefined> {
    try {
      const stack = (await this.client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
      const outputs = Object.fromEntries((stack?.Outputs ?? []).map((o) => [o.OutputKey, o.OutputValue]));
      return stack && { id: stack.StackId ?? name, status: stack.StackStatus ?? '', outputs };
    } catch (error) {
      if (error instanceof Error && /does not exist/.test(error.message)) {
        return undefined;
      }
      throw error;
    }
  }

  /** All events of a stack, oldest first; by id also those of a deleted one. */
  public async events(id: string): Promise<StackEvent[]> {
    const events: StackEvent[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new DescribeStackEventsCommand({ StackName: id, NextToken: token }),
      );
      events.push(...(page.StackEvents ?? []));
      token = page.NextToken;
    } while (token);
    return events.reverse();
  }
}

/** The custom resources that an operation called, as `CREATE Datafold…`. */
export function customResourceCalls(events: readonly StackEvent[]): string[] {
  return events
    .filter((e) => e.ResourceType?.startsWith('Custom::') && e.ResourceStatus?.endsWith('_IN_PROGRESS'))
    .map((e) => `${e.ResourceStatus?.split('_')[0]} ${e.ResourceType}`);
}

/** The reasons of what failed, oldest first. */
export function failures(events: readonly StackEvent[]): string[] {
  return events
    .filter((e) => e.ResourceStatus?.endsWith('_FAILED'))
    .map((e) => `${e.LogicalResourceId}: ${e.ResourceStatusReason ?? ''}`);
}

/** How long CloudFormation waited for custom resources, all together. */
export function customResourceSeconds(events: readonly StackEvent[]): number {
  const started = new Map<string, number>();
  let total = 0;
  for (const { ResourceType, LogicalResourceId = '', ResourceStatus, Timestamp } of events) {
    if (!ResourceType?.startsWith('Custom::') || !Timestamp) continue;
    if (ResourceStatus?.endsWith('_IN_PROGRESS')) started.set(LogicalResourceId, Timestamp.getTime());
    else total += Timestamp.getTime() - (started.get(LogicalResourceId) ?? Timestamp.getTime());
  }
  return total / 1000;
}
