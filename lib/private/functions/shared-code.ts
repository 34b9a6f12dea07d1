import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { HandlerCode, type HandlerOptions } from '../../handler-code';
import { InvalidPropsError } from '../problems';

const codes = new WeakMap<Stack, HandlerCode>();

/**
 * How the code of all functions of a stack gets into its template, as its first construct says.
 *
 * The functions are shared, so whoever asks for another way later would not get it.
 */
export function codeFor(scope: IConstruct, { handlerCode }: HandlerOptions): HandlerCode {
  const stack = Stack.of(scope);
  const first = codes.get(stack) ?? handlerCode ?? HandlerCode.asset();
  codes.set(stack, first);
  if (handlerCode && handlerCode._kind !== first._kind)
    throw new InvalidPropsError(scope.node.path, [
      `\`handlerCode\` must be HandlerCode.${first._kind}() or left out, got: HandlerCode.${handlerCode._kind}(). The functions of the stack ${stack.node.path} are shared, and an earlier construct has made some. Give the same \`handlerCode\` to all constructs of the stack`,
    ]);
  return first;
}
