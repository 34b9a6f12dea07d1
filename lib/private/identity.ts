import { createHash } from 'node:crypto';
import { Reference, Stack, Token, Tokenization, type IResolvable } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** What a value is, whatever it is called in this run: tokens are numbered as they come. */
export function identityOf(scope: Construct, value: string): string {
  if (!Token.isUnresolved(value)) return JSON.stringify(value);
  const named = Tokenization.reverseString(value).mapTokens({ mapToken: (token) => nameOf(scope, token) });
  return named.join({ join: (left: string, right: string) => left + right }) as string;
}

function nameOf(scope: Construct, token: IResolvable): string {
  if (!Reference.isReference(token)) return JSON.stringify(Stack.of(scope).resolve(token));
  return `${token.target.node.addr}.${token.displayName}`;
}

/** For the id of a construct. */
export function shortHash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join()).digest('hex').slice(0, 8);
}
