import { Annotations as CdkAnnotations, App, Aspects, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchLogsUser,
  DatafoldNetworkAccess,
  DatafoldPostgres,
  LogRetention,
  PostgresServer,
  StatementLog,
} from '../lib';
import { auroraCluster } from './support/stacks';

/** Rule and finding of everything that cdk-nag's AwsSolutions pack says about the parts of this library. */
function findings(allPostgresLogGroups = false, networkAccess?: DatafoldNetworkAccess): string[] {
  const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  const theirs = new Stack(app, 'Theirs');
  const ours = new Stack(app, 'Ours');
  CdkAnnotations.of(ours).acknowledgeWarning('cdk-datafold-postgres:newParameterGroup');
  const server = PostgresServer.auroraCluster(auroraCluster(theirs));
  new DatafoldPostgres(ours, 'Datafold', {
    server,
    databases: [{ databaseName: 'app' }],
    statementLog: StatementLog.managed({ logRetention: LogRetention.atLeast(30) }),
    networkAccess,
    logsUser: allPostgresLogGroups ? new CloudWatchLogsUser(ours, 'LogsUser') : undefined,
  });
  Aspects.of(app).add(new AwsSolutionsChecks());
  const annotations = Annotations.fromStack(ours);
  const anything = ['*', Match.anyValue()] as const;
  const messages = [...annotations.findError(...anything), ...annotations.findWarning(...anything)];
  const ids = messages.map(
    ({ entry }) => /^AwsSolutions-\w+(\[.*?\](?=:))?/.exec(String(entry.data))?.[0] ?? String(entry.data),
  );
  return [...new Set(ids)].sort();
}

const page = readFileSync(join(__dirname, '../docs/security.md'), 'utf8');

test.each([
  ['with the log group of the server', false, undefined],
  ['with the PostgreSQL logs of all servers', true, undefined],
  [
    'with PrivateLink',
    false,
    DatafoldNetworkAccess.privateLink({
      allowedPrincipals: ['arn:aws:iam::123456789012:role/datafold'],
      clientCidrs: ['10.20.0.0/16'],
    }),
  ],
])('cdk-nag reports nothing %s that docs/security.md does not explain', (_, allLogs, networkAccess) => {
  for (const finding of findings(allLogs, networkAccess))
    expect(page).toContain(`\`${finding.replace(/\[.*/, '')}\``);
});

test('the findings are these', () => {
  expect(findings()).toEqual([
    'AwsSolutions-IAM5[Resource::*]',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:network-interface/*]',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:group/*/CloudWatchLogsReadOnly]',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/rds/cluster/<ClusterEB0386A7>/postgresql:*]',
    'AwsSolutions-SMG4',
  ]);
});
