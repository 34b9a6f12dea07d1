import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { Secrets, SecretStage } from '../../../../lib/handler/provisioner/aws/ports';
import type { Faults } from './faults';

/** Secrets Manager with staging labels: what was current becomes the previous version. */
export class FakeSecrets implements Secrets {
  private readonly secrets = new Map<string, Map<SecretStage, string>>();
  /** What happens just before a version of that stage is written. */
  beforeWrite: { readonly [stage in SecretStage]?: () => Promise<void> | void } = {};
  private readonly scheduled = new Set<string>();
  private readonly underFormerKey = new Set<string>();

  constructor(private readonly faults: Faults) {}

  /** Without a text the secret has no value yet. */
  add(arn: string, text?: string): void {
    this.secrets.set(arn, new Map(text === undefined ? [] : [['AWSCURRENT', text]]));
  }

  /** As with a recovery window: it is there, but can't be used. */
  scheduleDeletion(arn: string): void {
    this.scheduled.add(arn);
  }

  /** As `aws secretsmanager restore-secret` does. */
  restore(arn: string): void {
    this.scheduled.delete(arn);
  }

  /** Another key: only versions with a label of AWS are encrypted again, and nobody may use the former key. */
  changeKey(arn: string): void {
    for (const stage of this.secrets.get(arn)?.keys() ?? [])
      if (!stage.startsWith('AWS')) this.underFormerKey.add(`${arn} ${stage}`);
  }

  drop(arn: string): void {
    this.secrets.delete(arn);
  }

  textOf(arn: string, stage: SecretStage = 'AWSCURRENT'): string | undefined {
    return this.secrets.get(arn)?.get(stage);
  }

  jsonOf(arn: string): unknown {
    return JSON.parse(this.textOf(arn) ?? 'null');
  }

  async read(arn: string, stage: SecretStage = 'AWSCURRENT'): Promise<string> {
    const action = 'secretsmanager:GetSecretValue';
    const text = this.find(action, arn).get(stage);
    if (this.underFormerKey.has(`${arn} ${stage}`))
      throw new AwsFailure(action, arn, 'AccessDenied', 'Access to KMS is not allowed');
    if (text !== undefined) return text;
    const detail = `Secrets Manager can't find the specified secret value for staging label: ${stage}`;
    throw new AwsFailure(action, arn, 'ResourceNotFound', detail);
  }

  async write(arn: string, text: string, stage: SecretStage = 'AWSCURRENT'): Promise<void> {
    await this.beforeWrite[stage]?.();
    const versions = this.find('secretsmanager:PutSecretValue', arn);
    const current = versions.get('AWSCURRENT');
    if (current === undefined) versions.set('AWSCURRENT', text);
    else if (stage === 'AWSCURRENT') versions.set('AWSPREVIOUS', current);
    versions.set(stage, text);
    this.underFormerKey.delete(`${arn} ${stage}`);
  }

  private find(action: string, arn: string): Map<SecretStage, string> {
    this.faults.check(action, arn);
    const versions = this.secrets.get(arn);
    if (!versions)
      throw new AwsFailure(
        action,
        arn,
        'ResourceNotFound',
        "Secrets Manager can't find the specified secret.",
      );
    if (this.scheduled.has(arn)) {
      const detail = "You can't perform this operation on the secret because it was marked for deletion.";
      throw new AwsFailure(action, arn, 'InvalidRequest', detail);
    }
    return versions;
  }
}
