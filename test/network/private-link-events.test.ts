import { aws_rds as rds } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatafoldPrivateLink, PostgresServer } from '../../lib';
import { auroraCluster, newStack } from '../support/stacks';

const allowedPrincipals = ['arn:aws:iam::123456789012:role/datafold'];
const clientCidrs = ['10.20.0.0/16'];

function linked(): Template {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPrivateLink(stack, 'Link', { server, allowedPrincipals, clientCidrs });
  return Template.fromStack(stack);
}

const reference = (id: string) => ({ Ref: Match.stringLikeRegexp(id) });

test('a target is checked after events of RDS and every minute', () => {
  const template = linked();
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(1 minute)',
    EventPattern: Match.absent(),
  });
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: Match.absent(),
    EventPattern: {
      source: ['aws.rds'],
      'detail-type': ['RDS DB Cluster Event', 'RDS DB Instance Event'],
      detail: {
        // The guides of RDS and Aurora and recorded events differ.
        SourceIdentifier: [
          { Ref: 'ClusterEB0386A7' },
          reference('Clusterwriter'),
          { 'Fn::Join': ['', ['rds:', { Ref: 'ClusterEB0386A7' }]] },
          { 'Fn::Join': ['', ['rds:', reference('Clusterwriter')]] },
        ],
      },
    },
  });
});

test('a rule has a pattern of events that EventBridge takes for the 16 instances that a cluster may have', () => {
  const stack = newStack();
  const readers = Array.from({ length: 15 }, (_, i) =>
    rds.ClusterInstance.serverlessV2(`reader${i}`, { instanceIdentifier: `${'r'.repeat(60)}-${i + 10}` }),
  );
  const clusterIdentifier = 'c'.repeat(63);
  const server = PostgresServer.auroraCluster(auroraCluster(stack, { clusterIdentifier, readers }));
  new DatafoldPrivateLink(stack, 'Link', { server, allowedPrincipals, clientCidrs });
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')) as {
    Properties: { EventPattern?: object };
  }[];
  const pattern = rules.find(({ Properties }) => Properties.EventPattern)!.Properties.EventPattern;
  const identifier = 'x'.repeat(63);
  const deployed = JSON.stringify(pattern).replace(/\{"Ref":"[^"]+"\}/g, `"${identifier}"`);
  expect(deployed.match(new RegExp(`"${identifier}"`, 'g'))).toHaveLength(17);
  expect(deployed.length).toBeLessThan(2_048);
});
