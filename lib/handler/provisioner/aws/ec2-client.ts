import type * as Sdk from '@aws-sdk/client-ec2';
import { call } from './call';

/** Runs one call of EC2. Throws AwsFailure. */
export type AskEc2 = <T>(
  action: string,
  resource: string,
  send: (sdk: typeof Sdk, client: Sdk.EC2Client) => Promise<T>,
) => Promise<T>;

/** EC2 by the AWS SDK, loaded when first used. */
export function ec2Client(): AskEc2 {
  let made: Sdk.EC2Client | undefined;
  return async (action, resource, send) => {
    const sdk = await import('@aws-sdk/client-ec2');
    const client = (made ??= new sdk.EC2Client({ maxAttempts: 5 }));
    return call(`ec2:${action}`, resource, () => send(sdk, client));
  };
}
