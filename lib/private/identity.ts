import { createHash } from 'node:crypto';
import { Reference, Stack, Token, Tokenization, type IResolvable, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Returns a stable identity of a value; the text of a token depends on the order in which tokens are created. */
export function identityOf(scope: Construct, value: string): string {
  if (!Token.isUnresolved(value)) return JSON.stringify(value);
  const named = Tokenization.reverseString(value).mapTokens({ mapToken: (token) => nameOf(scope, token) });
  return named.join({ join: (left: string, right: string) => left + right }) as string;
}

function nameOf(scope: Construct, token: IResolvable): string {
  if (!Reference.isReference(token)) return JSON.stringify(Stack.of(scope).resolve(token));
  return `${token.target.node.addr}.${token.displayName}`;
}

/** Returns a short hash for the id of a construct. */
export function shortHash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join()).digest('hex').slice(0, 8);
}

/** Returns the path of the construct that the user defined for a resource, without its `Resource`. */
export function userPath({ node }: CfnResource): string {
  return node.id === 'Resource' && node.scope ? node.scope.node.path : node.path;
}
