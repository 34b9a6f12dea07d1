import { rotationParameter } from '../../lib/private/wire/rotation';

/** What CloudFormation does to one type of resource. */
interface TypeActions {
  /** The resource that the actions are allowed on; `own` in its name is the beginning of the names in the stack. */
  readonly on: (names: Names) => readonly string[];
  readonly actions: readonly string[];
}

/** How the resources of a stack are named. */
export interface Names {
  /** The name of the stack, as far as generated names hold it. */
  readonly own: string;
  /** The beginnings of the names of its secrets, which do not hold the name of the stack. */
  readonly secrets: readonly string[];
}

const anything = () => ['*'];
const role = ({ own }: Names) => [`arn:aws:iam::*:role/${own}*`];
const functionsOf = ({ own }: Names) => [`arn:aws:lambda:*:*:function:${own}*`];
const secretsOf = ({ secrets }: Names) => secrets.map((name) => `arn:aws:secretsmanager:*:*:secret:${name}*`);
const parametersOf = ({ secrets }: Names) =>
  secrets.map((name) => `arn:aws:ssm:*:*:parameter${rotationParameter(name)}*`);
/** RDS has names in lower case. */
const parameterGroup =
  (kind: 'cluster-pg' | 'pg') =>
  ({ own }: Names) => [`arn:aws:rds:*:*:${kind}:${own.toLowerCase()}*`];

const of = (service: string, names: string) => names.split(' ').map((name) => `${service}:${name}`);

const SECURITY_GROUP_RULES = of('ec2', 'DescribeSecurityGroups DescribeSecurityGroupRules');
const PARAMETER_GROUP_TAGS = [
  'rds:AddTagsToResource',
  'rds:RemoveTagsFromResource',
  'rds:ListTagsForResource',
];

/**
 * The actions for each type, as in `handlers` of its schema (`aws cloudformation describe-type`), without those for properties that
 * this library does not use, such as file systems and replicas.
 */
export const ACTIONS: Readonly<Record<string, readonly TypeActions[]>> = {
  'AWS::CloudWatch::Alarm': [
    {
      on: ({ own }) => [`arn:aws:cloudwatch:*:*:alarm:${own}*`],
      actions: of('cloudwatch', 'PutMetricAlarm DeleteAlarms ListTagsForResource TagResource UntagResource'),
    },
    { on: anything, actions: of('cloudwatch', 'DescribeAlarms') },
  ],
  'AWS::EC2::PrefixList': [
    {
      on: anything,
      actions: of(
        'ec2',
        'CreateManagedPrefixList ModifyManagedPrefixList DeleteManagedPrefixList DescribeManagedPrefixLists GetManagedPrefixListEntries CreateTags DeleteTags',
      ),
    },
  ],
  'AWS::EC2::SecurityGroup': [
    {
      on: anything,
      actions: [
        ...of(
          'ec2',
          'CreateSecurityGroup DeleteSecurityGroup CreateTags DeleteTags AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress',
        ),
        ...SECURITY_GROUP_RULES,
      ],
    },
  ],
  'AWS::EC2::SecurityGroupEgress': [
    {
      on: anything,
      actions: [
        ...of('ec2', 'AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress'),
        ...SECURITY_GROUP_RULES,
      ],
    },
  ],
  'AWS::EC2::SecurityGroupIngress': [
    {
      on: anything,
      actions: [
        ...of('ec2', 'AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress'),
        ...SECURITY_GROUP_RULES,
      ],
    },
  ],
  'AWS::EC2::VPCEndpointService': [
    {
      on: anything,
      actions: of(
        'ec2',
        'CreateVpcEndpointServiceConfiguration ModifyVpcEndpointServiceConfiguration DeleteVpcEndpointServiceConfigurations DescribeVpcEndpointServiceConfigurations CreateTags DeleteTags',
      ),
    },
  ],
  'AWS::EC2::VPCEndpointServicePermissions': [
    {
      on: anything,
      actions: of('ec2', 'ModifyVpcEndpointServicePermissions DescribeVpcEndpointServicePermissions'),
    },
  ],
  'AWS::ElasticLoadBalancingV2::Listener': [
    {
      on: anything,
      actions: of(
        'elasticloadbalancing',
        'CreateListener ModifyListener DeleteListener DescribeListeners DescribeListenerAttributes',
      ),
    },
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    {
      on: anything,
      actions: [
        ...of(
          'elasticloadbalancing',
          'CreateLoadBalancer DeleteLoadBalancer DescribeLoadBalancers DescribeLoadBalancerAttributes ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets AddTags RemoveTags DescribeTags',
        ),
        ...of('ec2', 'DescribeSubnets DescribeVpcs DescribeSecurityGroups'),
      ],
    },
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    {
      on: anything,
      actions: of(
        'elasticloadbalancing',
        'CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup DescribeTargetGroups DescribeTargetGroupAttributes DescribeTargetHealth AddTags DescribeTags',
      ),
    },
  ],
  'AWS::Events::Rule': [
    {
      on: ({ own }) => [`arn:aws:events:*:*:rule/${own}*`],
      actions: of(
        'events',
        'PutRule DeleteRule DescribeRule PutTargets RemoveTargets ListTargetsByRule TagResource UntagResource',
      ),
    },
  ],
  'AWS::IAM::ManagedPolicy': [
    {
      on: ({ own }) => [`arn:aws:iam::*:policy/${own}*`],
      actions: of(
        'iam',
        'CreatePolicy DeletePolicy GetPolicy ListEntitiesForPolicy CreatePolicyVersion DeletePolicyVersion GetPolicyVersion ListPolicyVersions',
      ),
    },
    { on: role, actions: of('iam', 'AttachRolePolicy DetachRolePolicy') },
  ],
  'AWS::IAM::Policy': [{ on: role, actions: of('iam', 'PutRolePolicy DeleteRolePolicy GetRolePolicy') }],
  'AWS::IAM::Role': [
    {
      on: role,
      actions: of(
        'iam',
        'CreateRole DeleteRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies ListRolePolicies GetRolePolicy PutRolePolicy DeleteRolePolicy PutRolePermissionsBoundary DeleteRolePermissionsBoundary TagRole UntagRole PassRole',
      ),
    },
  ],
  'AWS::IAM::User': [
    {
      on: ({ own }) => [`arn:aws:iam::*:user/${own}*`],
      actions: of(
        'iam',
        'CreateUser DeleteUser GetUser UpdateUser TagUser UntagUser AttachUserPolicy DetachUserPolicy ListAttachedUserPolicies ListUserPolicies ListGroupsForUser ListAccessKeys GetLoginProfile PutUserPermissionsBoundary DeleteUserPermissionsBoundary',
      ),
    },
  ],
  'AWS::Lambda::Function': [
    {
      on: functionsOf,
      actions: of(
        'lambda',
        'CreateFunction DeleteFunction GetFunction ListTags UpdateFunctionCode UpdateFunctionConfiguration GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetRuntimeManagementConfig GetFunctionScalingConfig TagResource UntagResource',
      ),
    },
    { on: () => ['arn:aws:s3:::cdk-*-assets-*/*'], actions: of('s3', 'GetObject GetObjectVersion') },
    {
      on: anything,
      actions: of('ec2', 'DescribeSecurityGroups DescribeSubnets DescribeVpcs DescribeNetworkInterfaces'),
    },
  ],
  'AWS::Lambda::Permission': [
    { on: functionsOf, actions: of('lambda', 'AddPermission RemovePermission GetPolicy') },
  ],
  'AWS::Logs::LogGroup': [
    {
      on: ({ own }) => [`arn:aws:logs:*:*:log-group:${own}*`],
      actions: of(
        'logs',
        'CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey GetDataProtectionPolicy TagResource UntagResource ListTagsForResource',
      ),
    },
    { on: anything, actions: of('logs', 'DescribeLogGroups') },
  ],
  'AWS::RDS::DBClusterParameterGroup': [
    {
      on: parameterGroup('cluster-pg'),
      actions: [
        ...of(
          'rds',
          'CreateDBClusterParameterGroup ModifyDBClusterParameterGroup ResetDBClusterParameterGroup DeleteDBClusterParameterGroup',
        ),
        ...PARAMETER_GROUP_TAGS,
      ],
    },
    {
      on: anything,
      actions: of(
        'rds',
        'DescribeDBClusterParameterGroups DescribeDBClusterParameters DescribeDBClusters DescribeEngineDefaultClusterParameters',
      ),
    },
  ],
  'AWS::RDS::DBParameterGroup': [
    {
      on: parameterGroup('pg'),
      actions: [
        ...of(
          'rds',
          'CreateDBParameterGroup ModifyDBParameterGroup ResetDBParameterGroup DeleteDBParameterGroup',
        ),
        ...PARAMETER_GROUP_TAGS,
      ],
    },
    {
      on: anything,
      actions: of(
        'rds',
        'DescribeDBParameterGroups DescribeDBParameters DescribeDBInstances DescribeEngineDefaultParameters',
      ),
    },
  ],
  'AWS::SecretsManager::RotationSchedule': [
    { on: secretsOf, actions: of('secretsmanager', 'RotateSecret CancelRotateSecret DescribeSecret') },
    { on: functionsOf, actions: of('lambda', 'InvokeFunction') },
  ],
  'AWS::SecretsManager::Secret': [
    {
      on: secretsOf,
      actions: of(
        'secretsmanager',
        'CreateSecret DeleteSecret DescribeSecret UpdateSecret GetSecretValue TagResource UntagResource',
      ),
    },
    { on: anything, actions: of('secretsmanager', 'GetRandomPassword') },
  ],
  'AWS::SSM::Parameter': [
    {
      on: parametersOf,
      actions: of(
        'ssm',
        'PutParameter GetParameters DeleteParameter AddTagsToResource RemoveTagsFromResource ListTagsForResource',
      ),
    },
  ],
};

/** CloudFormation invokes the function of a custom resource as the role that it was given. */
export const CUSTOM: readonly TypeActions[] = [{ on: functionsOf, actions: of('lambda', 'InvokeFunction') }];

/** The CDK's templates read the version of the bootstrap stack from a parameter. */
export const BOOTSTRAP_VERSION: readonly TypeActions[] = [
  { on: () => ['arn:aws:ssm:*:*:parameter/cdk-bootstrap/*'], actions: of('ssm', 'GetParameters') },
];
