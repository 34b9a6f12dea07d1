import { AwsFailure } from '../aws/failure';
import { reasonOf } from '../runtime/failure';
import type { LogsUser } from '../aws/logs-user-policy';
import { userProblem } from '../aws/logs-user-policy';
import type { Run } from '../aws/run';
import type { Finding } from './findings';
import type { Part } from './result';

/** Checks that the policy that limits an access key is attached to its user. Attaching it is left to a person. */
export const inspectLogsUsers: Part = async (run, { logsUsers }) => {
  const findings: Finding[] = [];
  for (const user of logsUsers) findings.push(...(await findingsOfUser(run, user)));
  return { findings, Drift: findings.filter(({ kind }) => kind === 'drift').length };
};

async function findingsOfUser(run: Run, user: LogsUser): Promise<Finding[]> {
  try {
    const problem = await userProblem(run, user);
    if (!problem) return [];
    const { finding, next } = problem;
    return [{ kind: 'drift', finding, next: `${next}. After that, deploy with another \`revision\`.` }];
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const finding = `It is not known whether the policy of IAM user ${user.userName} is attached: ${reasonOf(error)}`;
    return [{ kind: 'skipped', finding, next: 'The next run checks again.' }];
  }
}
