import type { IConstruct } from 'constructs';
import { inSame } from './environment';

interface Maker extends IConstruct {
  /** The name of the IAM group that it makes, if it makes one. */
  readonly _nameOfGroupMade?: string;
}

/** The names of groups are unique in an account: CloudFormation would find out only halfway through the deployment. */
export function groupNameProblems(maker: Maker): string[] {
  const name = maker._nameOfGroupMade;
  if (name === undefined) return [];
  const others: Maker[] = maker.node.root.node.findAll();
  return others
    .filter((other) => other !== maker && other._nameOfGroupMade === name && inSame('account', other, maker))
    .map(
      (other) =>
        `the group ${name} is made by ${other.node.path} too, and an account has each name once: share that reader (\`logsReader\`), or give one of the two another \`groupName\``,
    );
}
