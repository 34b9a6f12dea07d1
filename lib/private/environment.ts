import { type IResource, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type ServerSpec, serverName } from './server/server-spec';

/** Returns a problem if the server is in another account or region than the construct, which calls AWS in its own ones only. */
export function placeProblems(scope: Construct, server: ServerSpec): string[] {
  const { env } = (server.resource ?? {}) as Partial<IResource>;
  if (!env) return [];
  const stack = Stack.of(scope);
  return (['account', 'region'] as const)
    .filter((part) => !Token.isUnresolved(env[part]) && !Token.isUnresolved(stack[part]))
    .filter((part) => env[part] !== stack[part])
    .map(
      (part) =>
        `\`server\` must be in the ${part} of the stack ${stack.node.path}, ${stack[part]}, got: the ${serverName(server)} in ${env[part]}. Put this construct into a stack of ${env[part]}`,
    );
}
