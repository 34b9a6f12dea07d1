import type { AccessKeyProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from './stack';
import type { TestEnvironment } from './test-environment';

export const USER = 'shop-Reader-1A2B';
export const USER_POLICY = 'arn:aws:iam::111122223333:policy/shop-UserPolicy-5E6F';
export const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-key-AbCdEf';
export const PROPERTIES: AccessKeyProperties = {
  userName: USER,
  userPolicyArn: USER_POLICY,
  secretArn: SECRET,
};

/** A user without a key, and secrets that hold what CDK put there. */
export function setUpAccessKey(
  environment: TestEnvironment,
  ...secrets: string[]
): StackResource<AccessKeyProperties> {
  environment.iam.addUser(USER, USER_POLICY);
  for (const secret of [SECRET, ...secrets]) environment.secrets.add(secret, 'random text that CDK made');
  return new StackResource(environment, 'Custom::DatafoldAccessKey', 'AccessKey');
}
