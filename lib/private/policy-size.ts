import { aws_iam as iam, Stack } from 'aws-cdk-lib';

/** IAM's limit for all inline policies of a role together, blanks not counted. */
const MAX_CHARACTERS = 10_240;

const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
  'AWS::StackId':
    'arn:aws:cloudformation:us-east-1:123456789012:stack/S/00000000-0000-0000-0000-000000000000',
};

/** What is wrong with the size of a role's policies, which would otherwise fail in mid-deployment. */
export function policySizeProblems(policies: readonly iam.Policy[]): string[] {
  const size = policies.reduce((sum, policy) => sum + sizeOf(policy), 0);
  if (size <= MAX_CHARACTERS) return [];
  const [got, most] = [size, MAX_CHARACTERS].map((n) => n.toLocaleString('en'));
  return [
    `The policies of the provisioner's role have at least ${got} characters, IAM takes ${most}: ` +
      'set up some of the servers or databases in another stack',
  ];
}

/** At least: names that CloudFormation makes up are taken to be as short as they can be. */
function sizeOf(policy: iam.Policy): number {
  return JSON.stringify(deployed(Stack.of(policy).resolve(policy.document))).length;
}

/** About what CloudFormation makes of it. */
function deployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deployed);
  if (value === null || typeof value !== 'object') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return PSEUDO[Ref] ?? arnOf(Ref);
  if (Array.isArray(attribute)) return arnOf(String(attribute[0]));
  if (Array.isArray(joined)) return (deployed(joined[1]) as string[]).join(String(joined[0]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deployed(item)]));
}

/** The ARN of a resource of the same stack: service, region, account and a name with 12 characters of CloudFormation's. */
const arnOf = (logicalId: string) =>
  `arn:aws:lambda:us-east-1:123456789012:${logicalId.slice(0, 24)}-0123456789AB`;
