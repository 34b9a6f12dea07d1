import { Tags, type App, type StackProps } from 'aws-cdk-lib';

/** In an account that holds other things too, the name of a stack has a prefix, and all that is in it a tag. */
export function placed(app: App, id: string): StackProps {
  const { E2E_PREFIX: prefix, E2E_TAG: tag } = process.env;
  if (tag) Tags.of(app).add('datafold-e2e', tag);
  return prefix ? { stackName: `${prefix}${id}` } : {};
}
