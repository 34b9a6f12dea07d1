import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatafoldNetworkAccess, DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster } from './support/stacks';

const cdk = dirname(require.resolve('aws-cdk-lib/package.json'));
/** The feature flags that `cdk init` sets. */
const RECOMMENDED = JSON.parse(readFileSync(join(cdk, 'recommended-feature-flags.json'), 'utf8')) as Record<
  string,
  unknown
>;

function resourcesWith(context: Record<string, unknown>) {
  const stack = new Stack(new App({ context }), 'Test');
  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
    networkAccess: DatafoldNetworkAccess.privateLink({
      allowedPrincipals: ['arn:aws:iam::123456789012:role/datafold'],
      clientCidrs: ['10.20.0.0/16'],
    }),
    verification: { proveLineage: true },
    reconcile: {},
    rotatePassword: {},
  });
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; Properties: { SecurityGroups?: object[] } }>;
  };
  return Object.fromEntries(Object.entries(Resources).filter(([id]) => id.includes('Datafold')));
}

/** Merges and sorts the statements of policies, which changes their text. */
const MERGED = { '@aws-cdk/aws-iam:minimizePolicies': true };

test('the feature flags of a new CDK app change no resource of the library, and add no security group to the load balancer', () => {
  expect(Object.keys(RECOMMENDED).length).toBeGreaterThan(40);
  const resources = resourcesWith(RECOMMENDED);
  expect(resources).toEqual(resourcesWith(MERGED));
  const [balancer, ...others] = Object.values(resources).filter(
    ({ Type }) => Type === 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  );
  expect(others).toEqual([]);
  expect(balancer.Properties.SecurityGroups).toHaveLength(1);
});
