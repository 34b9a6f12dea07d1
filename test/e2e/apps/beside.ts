/** The library's stack beside a server that somebody else made; the context says in which variant. */
import { App, aws_ec2 as ec2, CfnOutput, Stack } from 'aws-cdk-lib';
import type { CloudWatchLogsUser, DatafoldPostgresProps, SharedParameterGroup } from '../../../lib';
import { deny, giveUpAfter, hurry } from './parts/faults';
import { importedServer, importedVpc } from './parts/imported-server';
import type { Variant } from './parts/variant';
import { placed } from './parts/placed';

const app = new App();
const variant = JSON.parse(app.node.tryGetContext('variant') as string) as Variant;
/* eslint-disable @typescript-eslint/no-require-imports */
const library = (
  variant.library ? require(variant.library) : require('../../../lib')
) as typeof import('../../../lib');

const stack = new Stack(app, variant.stack, placed(app, variant.stack));
const vpc = importedVpc(stack, variant.server);
const datafold = new library.DatafoldPostgres(stack, 'Datafold', {
  server: importedServer(stack, variant.server, library, {
    vpc,
    vpcSubnets: variant.subnets === 'one' ? { subnets: [vpc.isolatedSubnets[0]] } : undefined,
    functionSecurityGroups: variant.isolate ? [new ec2.SecurityGroup(stack, 'NoWay', { vpc })] : undefined,
  }),
  databases: [{ databaseName: 'app' }],
  statementLog: variant.statementLogging
    ? library.StatementLog.managed({
        rebootPolicy: variant.reboot ? library.RebootPolicy.IF_PENDING : undefined,
        sharedParameterGroup: variant.sharedParameterGroup as SharedParameterGroup | undefined,
      })
    : library.StatementLog.managedElsewhere(),
  logsUser: variant.logsUser && logsUser(variant.logsUser),
  ...(variant.props as Partial<DatafoldPostgresProps>),
});
datafold.dataSources.forEach(
  ({ secret }, i) => new CfnOutput(stack, `Connection${i}`, { value: secret.secretArn }),
);
if (variant.hurry) {
  hurry(stack);
}
if (variant.giveUpAfter) {
  giveUpAfter(stack, variant.giveUpAfter);
}
if (variant.deny) {
  deny(stack, variant.deny);
}

function logsUser({ reads, sourceIps }: NonNullable<Variant['logsUser']>): CloudWatchLogsUser {
  const { LogAccess } = library;
  const logAccess = reads === 'all' ? LogAccess.allLogGroups() : LogAccess.serversOfStack();
  return new library.CloudWatchLogsUser(stack, 'LogsUser', { logAccess, sourceIps });
}
