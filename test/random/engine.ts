import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stacks } from '../e2e/support/stack-events';
import type { World } from '../e2e/support/world';

/** How an operation on a stack ended. */
export interface Ended {
  readonly status: string;
  readonly seconds: number;
  readonly outputs: Record<string, string>;
  /** What failed, with CloudFormation's reasons; for a person. */
  readonly failures: readonly string[];
  /** Deletes that failed after an update or its rollback was complete: CloudFormation leaves it at that. */
  readonly failedCleanUps: readonly string[];
}

const CAPABILITIES = { Capabilities: ['CAPABILITY_IAM' as const, 'CAPABILITY_NAMED_IAM' as const] };
const MAX_WAIT_MS = 10 * 60_000;

/** CloudFormation's own API: no CLI, no assets. The emulator takes templates of any size as text. */
export class Engine {
  private readonly stacks: Stacks;

  public constructor(private readonly world: World) {
    this.stacks = new Stacks(world.aws.cloudformation);
  }

  public async create(name: string, template: string): Promise<Ended> {
    const command = new CreateStackCommand({ StackName: name, TemplateBody: template, ...CAPABILITIES });
    return this.run(name, async () => this.world.aws.cloudformation.send(command));
  }

  public async update(name: string, template: string): Promise<Ended> {
    const command = new UpdateStackCommand({ StackName: name, TemplateBody: template, ...CAPABILITIES });
    return this.run(name, async () => this.world.aws.cloudformation.send(command));
  }

  public async remove(name: string): Promise<Ended> {
    const command = new DeleteStackCommand({ StackName: name });
    return this.run(name, async () => this.world.aws.cloudformation.send(command));
  }

  private async run(name: string, start: () => Promise<unknown>): Promise<Ended> {
    const before = await this.stacks.find(name);
    const seen = new Set(before ? (await this.stacks.events(before.id)).map((e) => e.EventId) : []);
    const started = Date.now();
    await start();
    const id = before?.id ?? (await this.stacks.find(name))!.id;
    const { status, outputs } = await this.end(id);
    const events = (await this.stacks.events(id)).filter((e) => !seen.has(e.EventId));
    const cleanUp = events.findIndex((e) => e.ResourceStatus?.endsWith('CLEANUP_IN_PROGRESS'));
    const failed = (from: number) =>
      events
        .slice(from)
        .filter((e) => e.ResourceStatus?.endsWith('_FAILED'))
        .map((e) => `${e.LogicalResourceId} ${e.ResourceStatus}: ${e.ResourceStatusReason ?? ''}`);
    return {
      status,
      seconds: (Date.now() - started) / 1000,
      outputs,
      failures: failed(0),
      failedCleanUps: cleanUp < 0 ? [] : failed(cleanUp),
    };
  }

  private async end(id: string): Promise<{ status: string; outputs: Record<string, string> }> {
    for (const until = Date.now() + MAX_WAIT_MS; Date.now() < until; await sleep(200)) {
      const found = await this.world.aws.cloudformation.send(new DescribeStacksCommand({ StackName: id }));
      const { StackStatus = '', Outputs = [] } = found.Stacks![0]!;
      if (!StackStatus.endsWith('_IN_PROGRESS'))
        return {
          status: StackStatus,
          outputs: Object.fromEntries(Outputs.map((o) => [o.OutputKey!, o.OutputValue!])),
        };
    }
    throw new Error(`The stack ${id} did not end within ${MAX_WAIT_MS / 60_000} minutes`);
  }
}
