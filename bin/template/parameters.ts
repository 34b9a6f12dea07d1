import { CfnParameter, type CfnParameterProps, type Stack } from 'aws-cdk-lib';
import { DATAFOLD_ADDRESSES } from '../../lib/private/datafold';
import { ACCESS_SETTINGS, LOGGING_SETTINGS } from '../../lib/private/wire/settings';

/** The maximum number of data sources; their actual number is only known when the template is launched. */
export const MAX_DATABASES = 10;
/** The maximum numbers of client ranges and addresses of Datafold. */
export const MAX_CLIENT_CIDRS = 4;
export const MAX_ADDRESSES = 10;

interface Definition extends CfnParameterProps {
  readonly label: string;
}

const name = (most: number) => `[A-Za-z_][A-Za-z0-9_-]{0,${most - 1}}`;
const databaseName = '[^,\\s](?:[^,\\t\\r\\n]{0,61}[^,\\s])?';
const secretArn = 'arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^\\s]+-[A-Za-z0-9]{6}';
const keyArn = 'arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+';
const principal = 'arn:aws[a-z-]*:iam::[0-9]{12}:(?:root|role/[^,\\s]+|user/[^,\\s]+)';
const address = '(?:[0-9]{1,3}[.]){3}[0-9]{1,3}';
const cidr = `${address}/(?:[0-9]|[12][0-9]|3[0-2])`;
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:NAME-AbCdEf';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/ID';

/** Returns a parameter that is empty or matches a pattern. */
const optional = (pattern: string) => ({ default: '', allowedPattern: `^(?:${pattern})?$` });

const ofChoice = ({
  fallback,
  allowed,
}: {
  readonly fallback: string;
  readonly allowed: readonly string[];
}) => ({
  default: fallback,
  allowedValues: [...allowed],
});

/** Returns the parameter for the identifier of the server, the only one that differs between the kinds of server. */
export const identifier = (kind: 'cluster' | 'instance'): Definition => ({
  label: kind === 'cluster' ? 'Cluster identifier' : 'Instance identifier',
  description:
    kind === 'cluster'
      ? 'The Aurora PostgreSQL cluster that Datafold is to read.'
      : 'The RDS for PostgreSQL instance that Datafold is to read.',
  allowedPattern: '^[a-z](?:-?[a-z0-9]){0,62}$',
  constraintDescription:
    'must be the identifier as RDS shows it: lower-case letters, digits and single hyphens, a letter first, at most 63',
});

export const DEFINITIONS = {
  Port: {
    label: 'Port',
    description: 'The port of the server.',
    type: 'Number',
    default: 5432,
    minValue: 1,
    maxValue: 65535,
    constraintDescription: 'must be a port number from 1 to 65535',
  },
  AdminSecretArn: {
    label: "Administrator's secret",
    description:
      'The complete ARN of the secret with the login of the master user: JSON with username and password.',
    allowedPattern: `^${secretArn}$`,
    constraintDescription: `must be the complete ARN of a secret, its last six characters included: ${SECRET}`,
  },
  AdminSecretKeyArn: {
    label: "Key of the administrator's secret",
    description: 'The ARN of the customer managed KMS key of that secret. Empty if it has none.',
    ...optional(keyArn),
    constraintDescription: `must be empty or the ARN of a KMS key (not of an alias): ${KEY}`,
  },
  DatabaseNames: {
    label: 'Databases',
    description: `The databases that Datafold may read, with commas between them, at most ${MAX_DATABASES}: app,dwh`,
    allowedPattern: `^${databaseName}(?:,${databaseName}){0,${MAX_DATABASES - 1}}$`,
    constraintDescription: `must be 1 to ${MAX_DATABASES} names of at most 63 characters with commas between them and no blanks around the commas: app,dwh`,
  },
  Schemas: {
    label: 'Schemas',
    description:
      'The schemas that Datafold may read, the same in each database, with commas between them. Empty: all schemas.',
    ...optional(`${databaseName}(?:,${databaseName})*`),
    constraintDescription:
      'must be empty, or names of at most 63 characters with commas between them and no blanks around the commas: public,sales',
  },
  RoleName: {
    label: 'Role',
    description: 'The PostgreSQL role that is made for Datafold.',
    default: ACCESS_SETTINGS.roleName.fallback,
    allowedPattern: `^(?!pg_)(?!(?:public|none|rdsadmin|rds_superuser|rds_replication|rds_iam|rds_password)$)${name(63)}$`,
    constraintDescription:
      'must be a name of at most 63 letters, digits, underscores and hyphens, not one that PostgreSQL or RDS keeps (pg_..., public, none, rds_superuser, ...)',
  },
  TempSchema: {
    label: 'Schema for temporary tables',
    description: 'The schema that is made for the temporary tables of Datafold.',
    default: ACCESS_SETTINGS.tempSchema.fallback,
    allowedPattern: `^(?!pg_)(?!(?:public|information_schema)$)${name(63)}$`,
    constraintDescription:
      'must be a new name of at most 63 letters, digits, underscores and hyphens, not pg_..., public or information_schema',
  },
  MaintenanceDatabase: {
    label: 'Maintenance database',
    description:
      'The database in which the administrator makes the role: any that the administrator may connect to, the same for every stack of the server.',
    default: ACCESS_SETTINGS.maintenanceDatabase.fallback,
    allowedPattern: `^(?!(?:template0|rdsadmin)$)${databaseName}$`,
    constraintDescription:
      'must be the name of a database of at most 63 characters, without commas, not template0 or rdsadmin',
  },
  VpcId: { label: 'VPC', description: 'The VPC of the server.', type: 'AWS::EC2::VPC::Id' },
  SubnetIds: {
    label: 'Subnets',
    description:
      'Subnets of that VPC for the function that runs the SQL. They need a route to the server and nothing else.',
    type: 'List<AWS::EC2::Subnet::Id>',
  },
  SecurityGroupId: {
    label: 'Security group of the database',
    description: 'It gets one rule, which lets the function in.',
    type: 'AWS::EC2::SecurityGroup::Id',
  },
  NetworkAccess: {
    label: 'Network path',
    description:
      'How Datafold reaches the server. private-link: a load balancer in SubnetIds, one in each availability zone of the server, and an endpoint service; allowlist: rules in SecurityGroupId for the addresses of Datafold; none: you provide the path.',
    default: 'none',
    allowedValues: ['none', 'private-link', 'allowlist'],
    constraintDescription: 'must be none, private-link or allowlist',
  },
  AllowedPrincipals: {
    label: 'PrivateLink: who may connect',
    description:
      "The ARNs of the roles that may connect, with commas between them. Datafold's support names them.",
    ...optional(`${principal}(?:,${principal})*`),
    constraintDescription:
      'must be empty, or ARNs of roles, users or accounts with commas between them: arn:aws:iam::222222222222:role/datafold',
  },
  ClientCidrs: {
    label: 'PrivateLink: ranges of Datafold',
    description: `The IPv4 ranges of the VPC of Datafold, with commas between them, at most ${MAX_CLIENT_CIDRS}. Empty: any address of those who may connect.`,
    ...optional(`${cidr}(?:,${cidr}){0,${MAX_CLIENT_CIDRS - 1}}`),
    constraintDescription: `must be empty, or at most ${MAX_CLIENT_CIDRS} IPv4 ranges with commas between them: 10.20.0.0/16`,
  },
  DatafoldAddresses: {
    label: 'Allowlist: addresses of Datafold',
    description: `The IPv4 addresses of Datafold, with commas between them, at most ${MAX_ADDRESSES}: those of app.datafold.com. For another Datafold its support names them.`,
    default: DATAFOLD_ADDRESSES.join(),
    allowedPattern: `^${address}(?:,${address}){0,${MAX_ADDRESSES - 1}}$`,
    constraintDescription: `must be 1 to ${MAX_ADDRESSES} IPv4 addresses with commas between them: 192.0.2.1,192.0.2.2`,
  },
  RebootPolicy: {
    label: 'Reboot',
    description:
      'A server with a default parameter group gets another one, which works after a reboot. never: you reboot the instances; if-pending: they are rebooted now, one by one.',
    ...ofChoice(LOGGING_SETTINGS.rebootPolicy),
    constraintDescription: 'must be never or if-pending',
  },
  SharedParameterGroup: {
    label: 'Shared parameter group',
    description:
      'What to do when other servers use the parameter group too. refuse: stop; modify: log their statements as well; copy: make a group for this server, which works after a reboot.',
    ...ofChoice(LOGGING_SETTINGS.sharedParameterGroup),
    constraintDescription: 'must be refuse, modify or copy',
  },
  AccessKeySecretArn: {
    label: 'Secret of an existing access key',
    description:
      'The output LogsAccessKeySecretArn of another stack of the account. No IAM user and key are made then.',
    ...optional(secretArn),
    constraintDescription: `must be empty or the complete ARN of a secret: ${SECRET}`,
  },
  AccessKeySecretKeyArn: {
    label: 'Key of that secret',
    description: 'The ARN of the customer managed KMS key of that secret. Empty if it has none.',
    ...optional(keyArn),
    constraintDescription: `must be empty or the ARN of a KMS key (not of an alias): ${KEY}`,
  },
  SecretsKeyArn: {
    label: 'Key for the new secrets',
    description: 'The ARN of a KMS key that encrypts the secrets which are made. Empty: the key of AWS.',
    ...optional(keyArn),
    constraintDescription: `must be empty or the ARN of a KMS key (not of an alias): ${KEY}`,
  },
  PermissionsBoundaryArn: {
    label: 'Permissions boundary',
    description:
      'The ARN of a managed policy that every IAM role and user of the stack gets as its boundary. Empty: none.',
    ...optional('arn:aws[a-z-]*:iam::(?:[0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]{1,512}'),
    constraintDescription:
      'must be empty or the ARN of a managed policy: arn:aws:iam::111111111111:policy/boundary',
  },
  Revision: {
    label: 'Revision',
    description:
      'Any text. Another one has an update of the stack look at everything again and repair it; without, an update that changes nothing looks at nothing.',
    ...optional('[A-Za-z0-9_. :-]{1,64}'),
    constraintDescription: 'must be at most 64 letters, digits, blanks and the characters _ . : -',
  },
} as const satisfies Record<string, Definition>;

export type ParameterName = keyof typeof DEFINITIONS;

const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['Server', ['ClusterIdentifier', 'InstanceIdentifier', 'Port', 'AdminSecretArn', 'AdminSecretKeyArn']],
  ['What Datafold may read', ['DatabaseNames', 'Schemas', 'RoleName', 'TempSchema', 'MaintenanceDatabase']],
  ['Way to the server', ['VpcId', 'SubnetIds', 'SecurityGroupId']],
  ['Network path from Datafold', ['NetworkAccess', 'AllowedPrincipals', 'ClientCidrs', 'DatafoldAddresses']],
  ['Statement log', ['RebootPolicy', 'SharedParameterGroup']],
  ['Logs user', ['AccessKeySecretArn', 'AccessKeySecretKeyArn']],
  ['Encryption and boundary', ['SecretsKeyArn', 'PermissionsBoundaryArn']],
  ['Upkeep', ['Revision']],
];

/** Adds the parameters to a stack, with groups and labels for the console. */
export function addParameters(stack: Stack, kind: 'cluster' | 'instance') {
  const identifierName = kind === 'cluster' ? 'ClusterIdentifier' : 'InstanceIdentifier';
  const definitions: Record<string, Definition> = { [identifierName]: identifier(kind), ...DEFINITIONS };
  const made = Object.entries(definitions).map(
    ([id, props]) => [id, new CfnParameter(stack, id, props)] as const,
  );
  stack.addMetadata('AWS::CloudFormation::Interface', {
    ParameterGroups: GROUPS.map(([label, names]) => ({
      Label: { default: label },
      Parameters: names.filter((id) => id in definitions),
    })),
    ParameterLabels: Object.fromEntries(
      Object.entries(definitions).map(([id, { label }]) => [id, { default: label }]),
    ),
  });
  const parameters = Object.fromEntries(made) as Record<ParameterName, CfnParameter>;
  return { ...parameters, Identifier: (parameters as Record<string, CfnParameter>)[identifierName] };
}

export type Parameters = ReturnType<typeof addParameters>;
