import type * as Sdk from '@aws-sdk/client-secrets-manager';
import { senderOf, type Send } from './call';
import type { Secrets } from './ports';

/** Returns the region in an ARN; undefined for a name. */
export function regionOf(secret: string): string | undefined {
  return /^arn:[^:]+:secretsmanager:([^:]+):/.exec(secret)?.[1];
}

/** Returns the region and the name of a secret. */
export function regionAndNameOf(secret: string): string {
  return secret.replace(/^arn:[^:]+:secretsmanager:([^:]+):[^:]+:secret:/, '$1/');
}

/** Returns a function that sends commands of Secrets Manager in the region of a secret. */
export function secretsSender(): (secret: string) => Send<typeof Sdk> {
  const senders = new Map<string | undefined, Send<typeof Sdk>>();
  const load = async () => import('@aws-sdk/client-secrets-manager');
  return (secret) => {
    const region = regionOf(secret);
    const connect = (sdk: typeof Sdk) =>
      new sdk.SecretsManagerClient({ maxAttempts: 5, ...(region && { region }) });
    const found = senders.get(region) ?? senderOf('secretsmanager', load, connect);
    senders.set(region, found);
    return found;
  };
}

/** Secrets Manager by the AWS SDK, loaded when first used; each secret is read in its own region. */
export function sdkSecrets(): Secrets {
  const senderFor = secretsSender();
  return {
    async read(secret, stage = 'AWSCURRENT') {
      const found = await senderFor(secret)('GetSecretValue', secret, {
        SecretId: secret,
        VersionStage: stage,
      });
      return found.SecretString ?? Buffer.from(found.SecretBinary ?? []).toString('utf8');
    },
    async write(secret, text, stage = 'AWSCURRENT') {
      const input = { SecretId: secret, SecretString: text, VersionStages: [stage] };
      await senderFor(secret)('PutSecretValue', secret, input, true);
    },
  };
}
