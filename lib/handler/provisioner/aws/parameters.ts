import { senderOf } from './call';
import type { Parameters } from './ports';

/** Parameter Store of Systems Manager by the AWS SDK, loaded when first used. */
export function sdkParameters(): Parameters {
  const send = senderOf(
    'ssm',
    async () => import('@aws-sdk/client-ssm'),
    (sdk) => new sdk.SSMClient({ maxAttempts: 5 }),
  );
  return {
    async read(name) {
      const { Parameter } = await send('GetParameter', name, { Name: name });
      return Parameter?.Value ?? '';
    },
  };
}
