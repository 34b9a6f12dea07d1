import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { Parameters } from '../../../../lib/handler/provisioner/aws/ports';
import type { Faults } from './faults';

/** Parameter Store of Systems Manager. */
export class FakeParameters implements Parameters {
  private readonly values = new Map<string, string>();

  constructor(private readonly faults: Faults) {}

  put(name: string, value: string): void {
    this.values.set(name, value);
  }

  drop(name: string): void {
    this.values.delete(name);
  }

  async read(name: string): Promise<string> {
    this.faults.check('ssm:GetParameter', name);
    const value = this.values.get(name);
    if (value === undefined) throw new AwsFailure('ssm:GetParameter', name, 'ParameterNotFound');
    return value;
  }
}
