/**
 * What CloudFormation calls to create each type of resource of a deployment, by the service authorization reference. Actions on
 * the server itself are those of the provisioner, whose role the deployment creates.
 */
export const CREATE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::Role': ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:PassRole'],
  'AWS::IAM::Policy': ['iam:PutRolePolicy'],
  'AWS::IAM::ManagedPolicy': ['iam:CreatePolicy'],
  'AWS::IAM::User': ['iam:CreateUser', 'iam:AttachUserPolicy'],
  'AWS::Lambda::Function': ['lambda:CreateFunction', 'lambda:GetFunction'],
  'AWS::Lambda::Permission': ['lambda:AddPermission'],
  'AWS::Logs::LogGroup': ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
  'AWS::SecretsManager::Secret': ['secretsmanager:CreateSecret', 'secretsmanager:GetRandomPassword'],
  'AWS::EC2::SecurityGroup': ['ec2:CreateSecurityGroup', 'ec2:AuthorizeSecurityGroupEgress'],
  'AWS::EC2::SecurityGroupEgress': ['ec2:AuthorizeSecurityGroupEgress'],
  'AWS::EC2::SecurityGroupIngress': ['ec2:AuthorizeSecurityGroupIngress'],
  'AWS::Events::Rule': ['events:PutRule', 'events:PutTargets'],
  /** Every custom resource is made by a function. */
  Custom: ['lambda:InvokeFunction'],
};

/** Returns the actions, each once. */
export const DEPLOYER_ACTIONS: readonly string[] = [...new Set(Object.values(CREATE_ACTIONS).flat())].sort();
