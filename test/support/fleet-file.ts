export const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2'];

interface Shape {
  readonly accounts: number;
  readonly regions: number;
  readonly servers: number;
  readonly stackPer?: 'server' | 'region';
}

/** The text of a fleet file with as many servers in each region of each account; clusters and instances in turn. */
export function fleetFile({ accounts, regions, servers, stackPer }: Shape): string {
  const accountIds = Array.from({ length: accounts }, (_, i) => String(100_000_000_000 + i));
  const file = {
    stackPer,
    logsUser: { region: REGIONS[0] },
    defaults: { databases: ['app'] },
    accounts: Object.fromEntries(
      accountIds.map((account) => [
        account,
        {
          regions: Object.fromEntries(
            REGIONS.slice(0, regions).map((region) => [region, regionEntry(account, region, servers)]),
          ),
        },
      ]),
    ),
  };
  return JSON.stringify(file, null, 2);
}

function regionEntry(account: string, region: string, servers: number) {
  return {
    defaults: {
      vpc: 'vpc-0123456789abcdef0',
      subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      securityGroup: 'sg-0123456789abcdef0',
      adminSecret: `arn:aws:secretsmanager:${region}:${account}:secret:admin-AbCdEf`,
    },
    // The same identifiers in every region, and for a cluster and an instance: names must contain more than the identifier.
    servers: Array.from({ length: servers }, (_, i) => ({
      [i % 2 === 0 ? 'cluster' : 'instance']: `server-${Math.floor(i / 2)}`,
    })),
  };
}
