import type { AccessKeyProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from './stack';
import type { World } from './world';

export const USER = 'shop-Reader-1A2B';
export const USER_POLICY = 'arn:aws:iam::111122223333:policy/shop-UserPolicy-5E6F';
export const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-key-AbCdEf';
export const PROPERTIES: AccessKeyProperties = {
  userName: USER,
  userPolicyArn: USER_POLICY,
  secretArn: SECRET,
};

/** A user without a key, and secrets that hold what CDK put there. */
export function setUpAccessKey(world: World, ...secrets: string[]): StackResource<AccessKeyProperties> {
  world.iam.addUser(USER, USER_POLICY);
  for (const secret of [SECRET, ...secrets]) world.secrets.add(secret, 'random text that CDK made');
  return new StackResource(world, 'Custom::DatafoldAccessKey', 'AccessKey');
}
