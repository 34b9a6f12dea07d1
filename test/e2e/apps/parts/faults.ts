import { aws_iam as iam, aws_lambda as lambda, CfnResource, type Stack } from 'aws-cdk-lib';
import { join } from 'node:path';

/** The function behind the custom resources. */
function provisioner(stack: Stack): lambda.Function {
  return stack.node.findChild('DatafoldProvisioner').node.findChild('Function') as lambda.Function;
}

/** Lets waits of the functions time out after seconds instead of minutes. */
export function hurry(stack: Stack): void {
  const clock = join(__dirname, '../../support/fast-clock.cjs');
  stack.node
    .findAll()
    .filter((child) => child instanceof lambda.Function)
    .forEach((child) => child.addEnvironment('NODE_OPTIONS', `--require ${clock}`));
}

/** Has CloudFormation cancel the work on the access after so many seconds, as when something else in the stack fails. */
export function giveUpAfter(stack: Stack, seconds: number): void {
  stack.node
    .findAll()
    .filter((child): child is CfnResource => CfnResource.isCfnResource(child))
    .filter(({ cfnResourceType }) => cfnResourceType === 'Custom::DatafoldDatabaseAccess')
    .forEach((child) => child.addPropertyOverride('ServiceTimeout', seconds));
}

/** Takes a permission away from the provisioner, whatever other policies say. */
export function deny(stack: Stack, action: string): void {
  const { role } = provisioner(stack);
  role!.addToPrincipalPolicy(
    new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: [action], resources: ['*'] }),
  );
}
