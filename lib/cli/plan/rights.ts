import { attempt } from './account';
import { DEPLOYER_ACTIONS } from './deployer-actions';
import type { Findings } from './finding';
import type { PlanPorts } from './ports';

/** The qualifier of `cdk bootstrap` without --qualifier. */
const QUALIFIER = 'hnb659fds';
const SIMULATED = 'by the simulation of IAM, which does not know session policies and policies of resources';

/**
 * Reports whether the user may deploy.
 *
 * With the roles of `cdk bootstrap`, the user needs to assume only the deployment role, and CloudFormation creates the resources
 * with the execution role. Without them, CloudFormation uses the rights of the user.
 */
export async function planRights(findings: Findings, ports: PlanPorts, region: string): Promise<void> {
  await attempt(
    findings,
    'rights',
    'sts:GetCallerIdentity, iam:GetRole and iam:SimulatePrincipalPolicy',
    async () => {
      const { account, arn, principalArn } = await ports.caller();
      if (principalArn === undefined)
        return arn.endsWith(':root')
          ? findings.warn('rights', 'The root user may deploy.', 'Do not use it: deploy with a role.')
          : findings.warn(
              'rights',
              `Not known: IAM has no user or role for ${arn}.`,
              'Use the credentials of a user or role of IAM.',
            );
      const [partition] = principalArn.split(':').slice(1);
      const roleName = (kind: string) => `cdk-${QUALIFIER}-${kind}-role-${account}-${region}`;
      const roleArn = (kind: string) => `arn:${partition}:iam::${account}:role/${roleName(kind)}`;
      if (!(await ports.roleExists(roleName('deploy')))) {
        findings.warn(
          'rights',
          `The account has no role ${roleName('deploy')}: the region is not bootstrapped for the CDK, or with another qualifier.`,
          `Run cdk bootstrap aws://${account}/${region} before cdk deploy. The CloudFormation template needs no bootstrapping.`,
        );
        return reportActions(findings, ports, principalArn, DEPLOYER_ACTIONS);
      }
      const [assume] = await ports.simulate(principalArn, ['sts:AssumeRole'], roleArn('deploy'));
      if (assume?.isAllowed)
        findings.ready(
          'rights',
          `${nameOf(principalArn)} may assume ${roleName('deploy')}, with which cdk deploy works.`,
        );
      else
        findings.prevent(
          'rights',
          `${nameOf(principalArn)} may not assume ${roleName('deploy')} (${SIMULATED}).`,
          'Allow sts:AssumeRole on the roles of cdk bootstrap (cdk-*), or deploy with other credentials.',
        );
      await reportActions(findings, ports, roleArn('cfn-exec'), DEPLOYER_ACTIONS);
    },
  );
}

async function reportActions(
  findings: Findings,
  ports: PlanPorts,
  principalArn: string,
  actions: readonly string[],
): Promise<void> {
  const denied = (await ports.simulate(principalArn, actions)).filter((one) => !one.isAllowed);
  if (denied.length === 0)
    return findings.ready(
      'rights',
      `${nameOf(principalArn)} may do all ${actions.length} actions by which the resources are created.`,
    );
  const [explicit, implicit] = [true, false].map((is) =>
    denied.filter(({ isDenied = false }) => isDenied === is).map(({ action }) => action),
  );
  if (explicit.length > 0)
    findings.prevent(
      'rights',
      `A policy denies ${nameOf(principalArn)} ${explicit.join(', ')} (${SIMULATED}).`,
      'Remove the denial, or deploy with other credentials.',
    );
  if (implicit.length > 0)
    findings.warn(
      'rights',
      `${nameOf(principalArn)} lacks ${implicit.join(', ')} on all resources (${SIMULATED}).`,
      'Allow these actions, if they are not allowed on the resources of the stack already or under a condition.',
    );
}

/** `role/NAME` or `user/NAME`. */
const nameOf = (arn: string) => arn.replace(/^.*:(user|role)\/(?:.*\/)?/, '$1 ');
