import { call } from './call';
import type { SecretRotation } from './ports';
import { secretsClients } from './secrets';

/** The versions of secrets by the AWS SDK, loaded when first used. */
export function sdkRotation(): SecretRotation {
  const load = secretsClients();
  const describe = async (secret: string) => {
    const { sdk, client } = await load(secret);
    return call('secretsmanager:DescribeSecret', secret, () =>
      client.send(new sdk.DescribeSecretCommand({ SecretId: secret })),
    );
  };
  return {
    async versions(secret) {
      return (await describe(secret)).VersionIdsToStages ?? {};
    },
    async tags(secret) {
      const { Tags = [] } = await describe(secret);
      return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    },
    async readPending(secret, versionId) {
      const { sdk, client } = await load(secret);
      const input = { SecretId: secret, VersionId: versionId, VersionStage: 'AWSPENDING' };
      const found = await call('secretsmanager:GetSecretValue', secret, () =>
        client.send(new sdk.GetSecretValueCommand(input)),
      );
      return found.SecretString ?? '';
    },
    async writePending(secret, versionId, text) {
      const { sdk, client } = await load(secret);
      const input = {
        SecretId: secret,
        ClientRequestToken: versionId,
        SecretString: text,
        VersionStages: ['AWSPENDING'],
      };
      const send = () => client.send(new sdk.PutSecretValueCommand(input));
      await call('secretsmanager:PutSecretValue', secret, send, true);
    },
    async makeCurrent(secret, versionId, previous) {
      const { sdk, client } = await load(secret);
      const input = {
        SecretId: secret,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: versionId,
        RemoveFromVersionId: previous,
      };
      await call('secretsmanager:UpdateSecretVersionStage', secret, () =>
        client.send(new sdk.UpdateSecretVersionStageCommand(input)),
      );
    },
  };
}
