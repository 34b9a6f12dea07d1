import type { LambdaClient } from '@aws-sdk/client-lambda';
import { call } from './call';
import type { Functions } from './ports';

/** The longest time of a Lambda function. */
const MAX_RUN_MS = 15 * 60_000;

/** Lambda by the AWS SDK, loaded when first used. */
export function sdkFunctions(): Functions {
  let made: LambdaClient | undefined;
  const load = async () => {
    const sdk = await import('@aws-sdk/client-lambda');
    // No retries: a second invocation would run in parallel with the first, so the caller decides.
    const requestHandler = { requestTimeout: MAX_RUN_MS, connectionTimeout: 5_000 };
    return { sdk, client: (made ??= new sdk.LambdaClient({ maxAttempts: 1, requestHandler })) };
  };
  return {
    async invoke(name, payload, signal) {
      const { sdk, client } = await load();
      const input = { FunctionName: name, Payload: Buffer.from(payload) };
      const answer = await call(
        'lambda:InvokeFunction',
        name,
        () => client.send(new sdk.InvokeCommand(input), { abortSignal: signal }),
        true,
      );
      return {
        payload: Buffer.from(answer.Payload ?? []).toString('utf8'),
        functionError: answer.FunctionError,
      };
    },
    async send(name, payload) {
      const { sdk, client } = await load();
      const input = { FunctionName: name, Payload: Buffer.from(payload), InvocationType: 'Event' as const };
      await call('lambda:InvokeFunction', name, () => client.send(new sdk.InvokeCommand(input)), true);
    },
  };
}
