import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

/** Names that may be there once: in an account (IAM), or in a region of it. */
const IN_ACCOUNT: Record<string, string> = {
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
};
const IN_REGION: Record<string, string> = {
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::EC2::SecurityGroup': 'GroupName',
  'AWS::RDS::DBClusterParameterGroup': 'DBClusterParameterGroupName',
  'AWS::RDS::DBParameterGroup': 'DBParameterGroupName',
  'Custom::DatafoldStatementLogging': 'newGroupName',
};

/** Everything in these stacks that would collide with something else in them. */
export function collisions(stacks: readonly CloudFormationStackArtifact[]): string[] {
  const names = stacks.flatMap(namesOf);
  const seen = new Set<string>();
  return names.filter((name) => seen.has(name) || !seen.add(name));
}

/** What a stack takes for itself alone, each with the place in which it does. */
function namesOf({ environment, stackName, template }: CloudFormationStackArtifact): string[] {
  const { account, region } = environment;
  const { Resources, Outputs = {} } = template as {
    Resources: Record<string, Resource>;
    Outputs?: Record<string, { Export?: { Name: unknown } }>;
  };
  const names = [`${account} ${region} stack ${stackName}`];
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    const take = (place: string, value: unknown) => {
      if (value !== undefined) names.push(`${place} ${Type} ${JSON.stringify(value).toLowerCase()}`);
    };
    take(account, Properties[IN_ACCOUNT[Type]]);
    take(`${account} ${region}`, Properties[IN_REGION[Type]]);
    // A role of one server belongs to one custom resource.
    if (Type === 'Custom::DatafoldDatabaseAccess')
      take(`${account} ${region}`, [Properties.server, Properties.roleName]);
    if (Type === 'Custom::DatafoldStatementLogging')
      take(`${account} ${region}`, [Properties.kind, Properties.identifier]);
  }
  for (const { Export } of Object.values(Outputs))
    if (Export) names.push(`${account} ${region} export ${JSON.stringify(Export.Name)}`);
  return names;
}
