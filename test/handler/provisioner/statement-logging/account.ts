import { sdkRds } from '../../../../lib/handler/provisioner/aws/rds';
import { FakeRds } from '../../../support/fake-rds';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';
import type { StatementLoggingProperties as Properties } from '../../../../lib/private/wire/resources';

/** An account with a fake RDS behind the provisioner's own adapter of the SDK. */
export class Account {
  private constructor(
    readonly environment: TestEnvironment,
    readonly rds: FakeRds,
    readonly resource: StackResource<Properties>,
  ) {}

  static async open(): Promise<Account> {
    const environment = await TestEnvironment.start();
    const rds = new FakeRds(environment.clock);
    Object.defineProperty(environment, 'rds', { value: sdkRds(() => rds) });
    return new Account(
      environment,
      rds,
      new StackResource(environment, 'Custom::DatafoldStatementLogging', 'Logging'),
    );
  }

  /** The same construct in another stack. */
  another(): StackResource<Properties> {
    const stack =
      'arn:aws:cloudformation:us-east-1:111122223333:stack/other/1f3c9a10-aaaa-bbbb-cccc-121212121212';
    return new StackResource(this.environment, 'Custom::DatafoldStatementLogging', 'Logging', stack);
  }

  /** What there is once everything that was begun is done. */
  async settled(): Promise<unknown> {
    await this.environment.clock.sleep(15 * 60_000);
    return this.rds.snapshot();
  }

  /** The notices in the function's log. */
  get notices(): unknown[] {
    return this.environment.log.filter(({ message }) => message === 'notice').map(({ notice }) => notice);
  }

  /** The shop of a kind with that group. */
  addShop(kind: 'cluster' | 'instance', group: string): void {
    if (kind === 'cluster') this.rds.addCluster('shop', group, ['one', 'two', 'three']);
    else this.rds.addInstance('shop', group);
  }

  get shop() {
    return this.rds.clusters.get('shop') ?? this.rds.instances.get('shop')!;
  }
}
