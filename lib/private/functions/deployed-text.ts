import {
  type CfnResource,
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  Stack,
  StringConcat,
  Token,
  Tokenization,
  type aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Estimates the deployed value of a value with tokens. An unknown account, region or name is assumed to be short. */
export function deployed(scope: Construct, value: unknown): unknown {
  return Tokenization.resolve(value, { scope, resolver: new Guess(new StringConcat()), preparing: false });
}

class Guess extends DefaultTokenResolver {
  public override resolveToken(token: IResolvable, context: IResolveContext, post: IPostProcessor): unknown {
    if (Reference.isReference(token)) return PLACE[token.displayName] ?? context.resolve(nameOf(token));
    const resolved: unknown = super.resolveToken(token, context, post);
    const { Ref } = (resolved ?? {}) as { Ref?: string };
    return PLACE[Ref ?? ''] ?? resolved;
  }
}

const PLACE: Partial<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
};
const UUID = '00000000-0000-0000-0000-000000000000';
/** The suffix that CloudFormation appends to a generated name. */
const UNIQUE = '0123456789AB';

/** Returns the estimated ARN or name of a resource. */
function nameOf({ target, displayName }: Reference): string {
  const stack = Stack.of(target);
  const region = Token.isUnresolved(stack.region) ? PLACE['AWS::Region'] : stack.region;
  const arn = (service: string, name: string) => `arn:aws:${service}:${region}:123456789012:${name}`;
  if (displayName === 'AWS::StackId') return arn('cloudformation', `stack/${stack.stackName}/${UUID}`);
  const { cfnResourceType, logicalId } = target as CfnResource;
  const id = String(stack.resolve(logicalId));
  const madeUp = (longest: number) => `${`${stack.stackName}-${id}`.slice(0, longest - 13)}-${UNIQUE}`;
  switch (cfnResourceType) {
    case 'AWS::SecretsManager::Secret': {
      const given: unknown = stack.resolve((target as secretsmanager.CfnSecret).name);
      const name = typeof given === 'string' ? given : `${id}-${UNIQUE}`;
      return arn('secretsmanager', `secret:${name}-AbCdEf`);
    }
    case 'AWS::SecretsManager::SecretTargetAttachment':
      return (target as secretsmanager.CfnSecretTargetAttachment).secretId;
    case 'AWS::Lambda::Function':
      return arn('lambda', `function:${madeUp(64)}`);
    case 'AWS::Logs::LogGroup':
      return arn('logs', `log-group:${madeUp(512)}:*`);
    case 'AWS::IAM::User':
      return arn('iam', `user/${madeUp(64)}`).replace(`:${region}:`, '::');
    case 'AWS::KMS::Key':
      return arn('kms', `key/${UUID}`);
    case 'AWS::SNS::Topic':
      return arn('sns', madeUp(256));
    default:
      return displayName.endsWith('SecretArn')
        ? arn('secretsmanager', `secret:rds!cluster-${UUID}-AbCdEf`)
        : madeUp(64);
  }
}
