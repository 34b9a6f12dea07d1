import type { Variant } from '../apps/parts/variant';
import type { Result } from './cdk';
import { Lab } from './lab';
import type { DataSource, World } from './world';

/** The library's stack beside a server of another stack, by default the one that all scenarios share. */
export class Beside {
  public constructor(
    private readonly world: World,
    private readonly stack = 'Beside',
    private readonly server = world.server,
  ) {}

  public async deploy(variant: Partial<Variant> = {}): Promise<DataSource[]> {
    const { outputs } = await this.world.cdk.deploy(this.operation(variant));
    const arns = Object.keys(outputs).filter((name) => name.startsWith('Connection'));
    return Promise.all(arns.sort().map(async (name) => this.world.dataSource(outputs[name])));
  }

  public async tryDeploy(variant: Partial<Variant> = {}): Promise<Result> {
    return this.world.cdk.tryDeploy(this.operation(variant));
  }

  public async destroy(): Promise<Result> {
    return this.world.cdk.destroy(this.operation({}));
  }

  public async tryDestroy(): Promise<Result> {
    return this.world.cdk.tryDestroy(this.operation({}));
  }

  private operation(variant: Partial<Variant>) {
    // The fast clock is a file of this machine, which a function of an account does not have.
    const hurry = variant.hurry && this.world.cloud instanceof Lab;
    const context = {
      variant: JSON.stringify({ stack: this.stack, server: this.server, ...variant, hurry }),
    };
    return { app: 'beside', stacks: [this.stack], context };
  }
}
