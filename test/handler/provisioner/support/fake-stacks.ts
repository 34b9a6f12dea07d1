import type {
  StackResourceState,
  Stacks,
  StackState,
} from '../../../../lib/handler/provisioner/runtime/stacks-ports';
import type { Answer } from '../../../../lib/handler/provisioner/runtime/response';
import type { Faults } from './faults';
import type { VirtualClock } from './virtual-clock';

/** The stack of the tests. */
export const STACK_ID =
  'arn:aws:cloudformation:us-east-1:111122223333:stack/shop/0f3c9a10-aaaa-bbbb-cccc-121212121212';

/** CloudFormation: knows how its stacks are doing, and which request each resource got last. */
export class FakeStacks implements Stacks {
  current = 'UPDATE_IN_PROGRESS';
  /** When the stack was last updated. */
  changedAt: number;
  /** What `current` is while a scheduled task or a rotation begins. */
  duringTasks = 'UPDATE_COMPLETE';
  private readonly resources = new Map<string, StackResourceState & { readonly requestId?: string }>();
  private readonly physicalIds = new Map<string, string>();
  stackTags: Record<string, string> = {};
  /** The newest event of a resource, by logical and physical id. */
  readonly statuses = new Map<string, string>();

  constructor(
    private readonly faults: Faults,
    private readonly clock: VirtualClock,
  ) {
    this.changedAt = clock.now();
  }

  /** CloudFormation sends a request: the resource is in progress from now on. One that is repeated on the way changes nothing. */
  ask(event: object): void {
    const {
      LogicalResourceId: id,
      RequestType: type,
      RequestId: requestId,
    } = event as Record<string, string>;
    const now = this.resources.get(id);
    const isRepeated = now?.requestId === requestId && now?.status.endsWith('_IN_PROGRESS');
    if ('continuation' in event || isRepeated) return;
    this.resources.set(id, { ...this.written(`${type.toUpperCase()}_IN_PROGRESS`), requestId });
  }

  /** CloudFormation got the answer to a request: it counts if the request is the newest. */
  answered({ LogicalResourceId: id, RequestId: requestId, Status, PhysicalResourceId }: Answer): void {
    const now = this.resources.get(id);
    if (!now || now.requestId !== requestId) return;
    if (Status === 'SUCCESS' && !now.status.startsWith('DELETE'))
      this.physicalIds.set(id, PhysicalResourceId);
    const status = now.status.replace('IN_PROGRESS', Status === 'SUCCESS' ? 'COMPLETE' : 'FAILED');
    this.resources.set(id, { ...this.written(status), requestId });
  }

  /** A sibling failed: CloudFormation cancels what is in progress. */
  cancel(): void {
    for (const [id, { status, requestId }] of this.resources) {
      const failed = status.replace('IN_PROGRESS', 'FAILED');
      if (failed !== status) this.resources.set(id, { ...this.written(failed), requestId });
    }
  }

  async status(stackId: string): Promise<string> {
    this.faults.check('cloudformation:DescribeStacks', stackId);
    return this.current;
  }

  async resourceStatus(stackId: string, logicalId: string, physicalId: string): Promise<string | undefined> {
    this.faults.check('cloudformation:DescribeStackEvents', stackId);
    if (physicalId === stackId && logicalId === stackId.split('/')[1]) return this.current;
    return this.statuses.get(`${logicalId} ${physicalId}`);
  }

  async find(stackId: string): Promise<StackState | undefined> {
    this.faults.probe('cloudformation:DescribeStacks', stackId);
    return { status: this.current, changedAt: this.changedAt };
  }

  async findResource(stackId: string, logicalResourceId: string): Promise<StackResourceState | undefined> {
    this.faults.probe('cloudformation:DescribeStackResource', stackId);
    const { requestId: _, ...state } = this.resources.get(logicalResourceId) ?? {};
    if (!('status' in state)) return undefined;
    return { ...(state as StackResourceState), physicalId: this.physicalIds.get(logicalResourceId) ?? '' };
  }

  private written(status: string): StackResourceState {
    return { physicalId: '', status, changedAt: this.clock.now() };
  }

  async tags(stackId: string): Promise<Record<string, string>> {
    this.faults.check('cloudformation:DescribeStacks', stackId);
    return this.stackTags;
  }
}
