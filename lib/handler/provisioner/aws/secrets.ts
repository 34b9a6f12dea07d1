import type * as Sdk from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { call } from './call';
import type { Secrets } from './ports';

/** Returns the region in an ARN; undefined for a name. */
export function regionOf(secret: string): string | undefined {
  return /^arn:[^:]+:secretsmanager:([^:]+):/.exec(secret)?.[1];
}

/** Returns the region and the name of a secret. */
export function regionAndNameOf(secret: string): string {
  return secret.replace(/^arn:[^:]+:secretsmanager:([^:]+):[^:]+:secret:/, '$1/');
}

/** Returns the SDK, loaded when first used, and a client for the region of a secret. */
export function secretsClients(): (
  secret: string,
) => Promise<{ readonly sdk: typeof Sdk; readonly client: SecretsManagerClient }> {
  const clients = new Map<string | undefined, SecretsManagerClient>();
  return async (secret) => {
    const sdk = await import('@aws-sdk/client-secrets-manager');
    const region = regionOf(secret);
    let client = clients.get(region);
    if (!client) {
      client = new sdk.SecretsManagerClient({ maxAttempts: 5, ...(region && { region }) });
      clients.set(region, client);
    }
    return { sdk, client };
  };
}

/** Secrets Manager by the AWS SDK, loaded when first used; each secret is read in its own region. */
export function sdkSecrets(): Secrets {
  const load = secretsClients();
  return {
    async read(secret, stage = 'AWSCURRENT') {
      const { sdk, client } = await load(secret);
      const found = await call('secretsmanager:GetSecretValue', secret, () =>
        client.send(new sdk.GetSecretValueCommand({ SecretId: secret, VersionStage: stage })),
      );
      return found.SecretString ?? Buffer.from(found.SecretBinary ?? []).toString('utf8');
    },
    async write(secret, text, stage = 'AWSCURRENT') {
      const { sdk, client } = await load(secret);
      const input = { SecretId: secret, SecretString: text, VersionStages: [stage] };
      await call(
        'secretsmanager:PutSecretValue',
        secret,
        () => client.send(new sdk.PutSecretValueCommand(input)),
        true,
      );
    },
  };
}
