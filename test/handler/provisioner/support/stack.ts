import type { ResourceType } from '../../../../lib/private/wire/resources';
import type { Answer } from '../../../../lib/handler/provisioner/runtime/response';
import { STACK_ID } from './fake-stacks';
import type { TestEnvironment } from './test-environment';

export { STACK_ID };

/** One custom resource as CloudFormation leads it through its life: rollbacks and replacements included. */
export class StackResource<P extends object> {
  physicalId?: string;
  properties?: P;
  /** The answers to everything that was asked. */
  readonly answers: Answer[] = [];

  constructor(
    private readonly environment: TestEnvironment,
    private readonly type: ResourceType,
    private readonly logicalId = 'Thing',
    private readonly stackId = STACK_ID,
  ) {}

  /** A Create that fails is rolled back by a Delete. */
  async create(properties: P): Promise<Answer> {
    const answer = await this.send({ RequestType: 'Create', ResourceProperties: properties });
    if (answer.Status === 'SUCCESS')
      [this.physicalId, this.properties] = [answer.PhysicalResourceId, properties];
    else await this.delete(answer.PhysicalResourceId, properties);
    return answer;
  }

  /** The only thing in a stack that is new: a failure takes the stack back. */
  async createFirst(properties: P): Promise<Answer> {
    this.environment.stacks.current = 'CREATE_IN_PROGRESS';
    const answer = await this.send({ RequestType: 'Create', ResourceProperties: properties });
    if (answer.Status === 'SUCCESS') return answer;
    this.environment.stacks.current = 'ROLLBACK_IN_PROGRESS';
    await this.delete(answer.PhysicalResourceId, properties);
    return answer;
  }

  /** Another id means that the old one is deleted afterwards; a failure, that the old properties come back. */
  async update(properties: P): Promise<Answer> {
    const [old, oldId] = [this.properties!, this.physicalId!];
    const answer = await this.updateTo(properties, old, oldId);
    if (answer.Status === 'FAILED') {
      await this.inRollback(async () => this.updateTo(old, properties, oldId));
      return answer;
    }
    [this.physicalId, this.properties] = [answer.PhysicalResourceId, properties];
    if (this.physicalId !== oldId) await this.delete(oldId, old);
    return answer;
  }

  /** Something else in the stack failed after an update that went well. */
  async rollBack(failed: P, previous: P, previousId: string): Promise<void> {
    const failedId = this.physicalId!;
    const answer = await this.inRollback(async () => this.updateTo(previous, failed, failedId));
    [this.physicalId, this.properties] = [answer.PhysicalResourceId, previous];
    if (failedId !== previousId) await this.delete(failedId, failed);
  }

  async remove(): Promise<Answer> {
    return this.delete(this.physicalId!, this.properties!);
  }

  async delete(physicalId: string, properties: object): Promise<Answer> {
    return this.send({
      RequestType: 'Delete',
      PhysicalResourceId: physicalId,
      ResourceProperties: properties,
    });
  }

  async updateTo(properties: object, old: object, physicalId: string): Promise<Answer> {
    const event = { RequestType: 'Update', ResourceProperties: properties, OldResourceProperties: old };
    return this.send({ ...event, PhysicalResourceId: physicalId });
  }

  private async inRollback(work: () => Promise<Answer>): Promise<Answer> {
    this.environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const answer = await work();
    this.environment.stacks.current = 'UPDATE_IN_PROGRESS';
    return answer;
  }

  async send(event: object): Promise<Answer> {
    const ids = { StackId: this.stackId, LogicalResourceId: this.logicalId, ResourceType: this.type };
    const answer = await this.environment.send({ ...ids, ...event });
    this.answers.push(answer);
    return answer;
  }
}
