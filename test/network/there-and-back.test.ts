import { aws_ec2 as ec2, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DatafoldNetworkAccess, DatafoldPostgres, type DatafoldPrivateLink, PostgresServer } from '../../lib';
import { newStack, rdsInstance } from '../support/stacks';

const allowedPrincipals = ['arn:aws:iam::123456789012:role/datafold'];

/** Each value of networkAccess, with what it changes for the functions and for Datafold. */
const PATHS = {
  none: () => undefined,
  privateLink: () => DatafoldNetworkAccess.privateLink({ allowedPrincipals }),
  sharedPrivateLink: (link: DatafoldPrivateLink) =>
    DatafoldNetworkAccess.sharedPrivateLink(link, { port: 5433 }),
  allowlist: () => DatafoldNetworkAccess.allowlist(),
  prefixList: () => DatafoldNetworkAccess.allowlist({ prefixList: true }),
  existing: () => DatafoldNetworkAccess.existing({ host: '10.9.8.7', port: 6000 }),
} as const;
type Path = keyof typeof PATHS;
const ALL = Object.keys(PATHS) as Path[];

function publicServer(stack: Stack, vpc: ec2.IVpc, id: string): PostgresServer {
  const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  return PostgresServer.rdsInstance(rdsInstance(stack, { vpc, vpcSubnets }, id));
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

const resourcesWith = (path: Path): Record<string, Resource> => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const first = new DatafoldPostgres(stack, 'First', {
    server: publicServer(stack, vpc, 'FirstInstance'),
    databases: [{ databaseName: 'app' }],
    networkAccess: DatafoldNetworkAccess.privateLink({ allowedPrincipals }),
  });
  new DatafoldPostgres(stack, 'Datafold', {
    server: publicServer(stack, vpc, 'Instance'),
    databases: [{ databaseName: 'app' }],
    networkAccess: PATHS[path](first.privateLink!),
  });
  return Template.fromStack(stack).toJSON().Resources as Record<string, Resource>;
};
const templates = Object.fromEntries(ALL.map((path) => [path, resourcesWith(path)])) as Record<
  Path,
  Record<string, Resource>
>;

/** The properties that follow the path: the address at which Datafold connects, and the servers that the sql-runner may resolve. */
const FOLLOWING: Readonly<Record<string, readonly string[]>> = {
  'Custom::DatafoldDataSource': ['host', 'port', 'sslMode', 'keepAliveSeconds'],
  'Custom::DatafoldAllowlist': ['prefixListId'],
  'AWS::Lambda::Function': ['Environment'],
};
/** What the provisioner may do follows the resources that need it. */
const isPolicy = ({ Type }: Resource) => /^AWS::IAM::(Managed)?Policy$/.test(Type);

const settled = ({ Type, Properties = {} }: Resource) => ({
  Type,
  Properties: Object.fromEntries(
    Object.entries(Properties).filter(([name]) => !FOLLOWING[Type]?.includes(name)),
  ),
});

const PAIRS = ALL.flatMap((from, i) => ALL.slice(i + 1).map((to) => [from, to] as const));

test.each(PAIRS)(
  'a change between %s and %s changes of the other resources only the address of the data source and the pinned servers: a rollback has nothing else to restore',
  (from, to) => {
    const common = Object.entries(templates[from]).filter(
      ([id, one]) => id in templates[to] && !isPolicy(one),
    );
    expect(common.length).toBeGreaterThan(20);
    for (const [id, one] of common) expect([id, settled(templates[to][id])]).toEqual([id, settled(one)]);
  },
);

test.each(ALL.filter((path) => path !== 'none' && path !== 'existing'))(
  'all that %s adds belongs to the path: each resource is one that CloudFormation deletes with it',
  (path) => {
    const retained = Object.entries(templates[path])
      .filter(([id]) => !(id in templates.none))
      .filter(([, one]) => (one as { DeletionPolicy?: string }).DeletionPolicy?.startsWith('Retain'));
    expect(retained).toEqual([]);
  },
);
