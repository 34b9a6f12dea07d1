import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Account, prefixOf, type AccountOptions } from './account';
import { Aws } from './aws';
import { cleanUp } from './clean-up';
import type { Scenario } from './scenario';
import { seed } from './seed';
import type { TourOptions } from './tour';
import { World } from './world';

const AUTHORITIES = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';
const OWN_ADDRESS = 'https://checkip.amazonaws.com';

type Options = Omit<AccountOptions, 'lane'>;

/** What a person's network and AWS say: the authorities of RDS, and from where the suite comes. */
export async function surroundings(env: NodeJS.ProcessEnv): Promise<Pick<Options, 'ca' | 'cidr'>> {
  const read = async (url: string) => (await fetch(url)).text();
  const cidr = env.E2E_CIDR ?? `${(await read(OWN_ADDRESS)).trim()}/32`;
  if (!/^\d+(\.\d+){3}\/\d+$/.test(cidr))
    throw new Error(`E2E_CIDR must be addresses as 203.0.113.7/32: ${cidr}`);
  return { cidr, ca: await read(AUTHORITIES) };
}

/** Fails unless the keys lead to the account that was named, and it is bootstrapped: the bootstrap stack says both. */
export async function assertAccount(account: string, options: Options): Promise<void> {
  const aws = new Aws(new Account({ ...options, lane: 'x' }), options.region);
  const command = new DescribeStacksCommand({ StackName: 'CDKToolkit' });
  const { Stacks = [] } = await aws.cloudformation.send(command).catch((error: Error) => {
    if (!error.message.includes('does not exist')) throw error;
    throw new Error(
      `The account is not bootstrapped in ${options.region}: run npx cdk bootstrap aws://${account}/${options.region} first.`,
    );
  });
  const found = Stacks[0]?.StackId?.split(':')[4];
  if (found !== account)
    throw new Error(
      `E2E_AWS_ACCOUNT is ${account}, but the credentials are those of account ${found}. Nothing was deployed.`,
    );
}

/** The scenarios that an account can have, each in a lane of its own: side by side they end in an hour. */
export function inAccount(scenarios: readonly Scenario[], options: Options): TourOptions[] {
  return scenarios
    .filter(({ account }) => account !== undefined)
    .map((scenario, i) => {
      const lane = String.fromCharCode('a'.charCodeAt(0) + i);
      return {
        name: prefixOf(options.run, lane),
        scenarios: [scenario],
        async settle() {
          const world = new World(new Account({ ...options, lane, dir: join(options.dir, lane) }));
          if (scenario.account !== 'shared server') return world;
          try {
            world.server = (await world.cdk.deploy({ app: 'server', stacks: ['Server'] })).outputs;
            await seed(world, world.server);
          } catch (error) {
            await leave(world);
            throw error;
          }
          return world;
        },
        leave,
      };
    });
}

/** Whatever happened, nothing stays. */
async function leave({ cloud, cdk, server }: World): Promise<void> {
  if (server.Host) await cdk.tryDestroy({ app: 'server', stacks: ['Server'] });
  assert.deepEqual(await cleanUp(cloud), [], `something of ${cloud.prefix} is left`);
}
