import type { PrivateLinkTargetsProperties } from '../../../../lib/private/wire/resources';
import { STACK_ID } from '../support/stack';
import type { TestEnvironment } from '../support/test-environment';

export const TARGET_GROUP =
  'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/datafold/1234567890abcdef';
export const TARGETS_ID = 'datafold-private-link-targets/datafold/1234567890abcdef';
export const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
export const HOST = 'shop.cluster-abc.us-east-1.rds.amazonaws.com';
export const PROPERTIES: PrivateLinkTargetsProperties = {
  targetGroupArn: TARGET_GROUP,
  vpcId: 'vpc-1',
  server: { host: HOST, port: '5432', tls: 'verify-full' },
  rds: CLUSTER,
  sqlRunner: 'runner',
};

/** As a rule of EventBridge hands it over. */
export const TASK = {
  datafoldTask: 'register-targets',
  stackId: STACK_ID,
  logicalResourceId: 'Thing',
  properties: PROPERTIES,
};

export const hostOf = (instance: string) => `${instance}.abc.us-east-1.rds.amazonaws.com`;

/** As CloudFormation tags the target group of the cluster. */
export const TAGS = { 'cdk-datafold-postgres:server': 'vpc-1 cluster/shop:5432' };

/** A cluster of two instances, `shop-1` at 10.0.1.1 and `shop-2` at 10.0.1.2. */
export function addShop(environment: TestEnvironment, writer: string | undefined): void {
  const members = ['shop-1', 'shop-2'].map((identifier, i) => {
    environment.rds.addServer({ kind: 'instance', identifier }, { host: hostOf(identifier), port: 5432 });
    environment.privateLink.names.set(hostOf(identifier), [`10.0.1.${i + 1}`]);
    return { identifier, isWriter: identifier === writer, groupStatus: 'in-sync' };
  });
  environment.rds.describe(CLUSTER, { members });
}

/** The addresses that connections may get to. */
export const registered = (environment: TestEnvironment) =>
  environment.privateLink.targets.filter(({ state }) => state !== 'draining').map(({ address }) => address);
