import type { SecretRotation } from './ports';
import { secretsSender } from './secrets';

/** The versions of secrets by the AWS SDK, loaded when first used. */
export function sdkRotation(): SecretRotation {
  const senderFor = secretsSender();
  const describe = async (secret: string) =>
    senderFor(secret)('DescribeSecret', secret, { SecretId: secret });
  return {
    async versions(secret) {
      return (await describe(secret)).VersionIdsToStages ?? {};
    },
    async tags(secret) {
      const { Tags = [] } = await describe(secret);
      return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    },
    async readPending(secret, versionId) {
      const input = { SecretId: secret, VersionId: versionId, VersionStage: 'AWSPENDING' };
      const found = await senderFor(secret)('GetSecretValue', secret, input);
      return found.SecretString ?? '';
    },
    async writePending(secret, versionId, text) {
      const input = {
        SecretId: secret,
        ClientRequestToken: versionId,
        SecretString: text,
        VersionStages: ['AWSPENDING'],
      };
      await senderFor(secret)('PutSecretValue', secret, input, true);
    },
    async makeCurrent(secret, versionId, previous) {
      const input = {
        SecretId: secret,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: versionId,
        RemoveFromVersionId: previous,
      };
      await senderFor(secret)('UpdateSecretVersionStage', secret, input);
    },
  };
}
