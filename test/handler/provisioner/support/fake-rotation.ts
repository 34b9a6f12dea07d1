import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { SecretRotation } from '../../../../lib/handler/provisioner/aws/ports';
import type { Faults } from './faults';
import type { FakeSecrets } from './fake-secrets';

interface Versions {
  current: string;
  previous?: string;
  pending?: string;
  readonly texts: Map<string, string>;
}

/** The versions of secrets, as Secrets Manager keeps them during a rotation. */
export class FakeRotation implements SecretRotation {
  private readonly secrets = new Map<string, Versions>();
  private readonly tagged = new Map<string, Record<string, string>>();

  constructor(
    private readonly faults: Faults,
    private readonly values: FakeSecrets,
  ) {}

  /** Secrets Manager begins a rotation: a version without a value is pending. */
  begin(secret: string, versionId: string): void {
    this.of(secret).pending = versionId;
  }

  /** What the template says of the secret. */
  tag(secret: string, name: string, value: string): void {
    this.tagged.set(secret, { ...this.tagged.get(secret), [name]: value });
  }

  async tags(secret: string): Promise<Record<string, string>> {
    this.faults.check('secretsmanager:DescribeSecret', secret);
    return this.tagged.get(secret) ?? {};
  }

  /** All passwords that were ever in it. */
  texts(secret: string): string[] {
    return [...this.of(secret).texts.values()];
  }

  async versions(secret: string): Promise<Record<string, string[]>> {
    this.faults.check('secretsmanager:DescribeSecret', secret);
    const { current, previous, pending } = this.of(secret);
    const found: Record<string, string[]> = { [current]: ['AWSCURRENT'] };
    if (previous) found[previous] = ['AWSPREVIOUS'];
    if (pending) found[pending] = [...(found[pending] ?? []), 'AWSPENDING'];
    return found;
  }

  async readPending(secret: string, versionId: string): Promise<string> {
    const action = 'secretsmanager:GetSecretValue';
    this.faults.check(action, secret);
    const text = this.of(secret).texts.get(versionId);
    if (text === undefined) throw new AwsFailure(action, secret, 'ResourceNotFound');
    return text;
  }

  async writePending(secret: string, versionId: string, text: string): Promise<void> {
    const action = 'secretsmanager:PutSecretValue';
    this.faults.check(action, secret);
    const versions = this.of(secret);
    const before = versions.texts.get(versionId);
    if (before !== undefined && before !== text) throw new AwsFailure(action, secret, 'ResourceExists');
    versions.texts.set(versionId, text);
    versions.pending = versionId;
  }

  async makeCurrent(secret: string, versionId: string, former?: string): Promise<void> {
    const action = 'secretsmanager:UpdateSecretVersionStage';
    this.faults.check(action, secret);
    const versions = this.of(secret);
    if (former !== versions.current) throw new AwsFailure(action, secret, 'InvalidParameter');
    await this.values.write(secret, versions.texts.get(versionId) ?? '');
    [versions.previous, versions.current] = [versions.current, versionId];
  }

  private of(secret: string): Versions {
    const found = this.secrets.get(secret) ?? { current: 'first', texts: new Map<string, string>() };
    this.secrets.set(secret, found);
    return found;
  }
}
