import { Template } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, LogRetention, PostgresServer, StatementLog } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

/** A logical id that changes is a resource that is replaced in every user's account: a breaking change. */
test('logical ids and resource types stay as they were released', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  const statementLog = StatementLog.managed({ logRetention: LogRetention.atLeast(30) });
  new DatafoldPostgres(stack, 'Datafold', { server, databases: [{ databaseName: 'app' }], statementLog });
  const ours = Object.entries<{ Type: string }>(Template.fromStack(stack).toJSON().Resources)
    .filter(([id]) => id.includes('Datafold'))
    .map(([id, { Type }]) => `${id} ${Type}`);
  expect(ours.sort()).toEqual([
    'ClusterDatafoldParameterGroup31865082 AWS::RDS::DBClusterParameterGroup',
    'DatafoldAccessF3C6FC84 Custom::DatafoldDatabaseAccess',
    'DatafoldAccessPassword45E6257D AWS::SecretsManager::Secret',
    'DatafoldAccessRightsPolicy15B2AB932 AWS::IAM::ManagedPolicy',
    'DatafoldDataSourcesappSecret59CAFBB4 AWS::SecretsManager::Secret',
    'DatafoldDataSourcesappValueCAC14901 Custom::DatafoldDataSource',
    'DatafoldLogsUser9E0C0341 AWS::IAM::User',
    'DatafoldLogsUserAccessKey25B480EC Custom::DatafoldAccessKey',
    'DatafoldLogsUserAccessKeyPolicy36C394A7 AWS::IAM::Policy',
    'DatafoldLogsUserAccessKeySecret86196C19 AWS::SecretsManager::Secret',
    'DatafoldLogsUserMembership790DB22E Custom::DatafoldLogsUserGroup',
    'DatafoldLogsUserMembershipPolicyefe67c14988A4B3A AWS::IAM::Policy',
    'DatafoldLogsUserUserPolicyD78B5690 AWS::IAM::ManagedPolicy',
    'DatafoldProvisionerContinuePolicyAAC94356 AWS::IAM::Policy',
    'DatafoldProvisionerFunction89776038 AWS::Lambda::Function',
    'DatafoldProvisionerLogGroup62203345 AWS::Logs::LogGroup',
    'DatafoldProvisionerLogGroupsPolicyD8CBD926 AWS::IAM::Policy',
    'DatafoldProvisionerRightsPolicy12084D830 AWS::IAM::ManagedPolicy',
    'DatafoldProvisionerRole47B49008 AWS::IAM::Role',
    'DatafoldProvisionerRoleDefaultPolicy79EF6EA3 AWS::IAM::Policy',
    'DatafoldServere5f1c379812AF7DC AWS::IAM::Policy',
    'DatafoldSqlRunner6eba0834Function98A2C1C1 AWS::Lambda::Function',
    'DatafoldSqlRunner6eba0834LogGroup1479ECAF AWS::Logs::LogGroup',
    'DatafoldSqlRunner6eba0834NetworkInterfacesC3396BD3 AWS::IAM::Policy',
    'DatafoldSqlRunner6eba0834RoleA1BB019E AWS::IAM::Role',
    'DatafoldSqlRunner6eba0834RoleDefaultPolicyC3E23850 AWS::IAM::Policy',
    'DatafoldSqlRunner6eba0834SecurityGroup93943B56 AWS::EC2::SecurityGroup',
    'DatafoldSqlRunner6eba0834To6f401e22Egress1ED1755F AWS::EC2::SecurityGroupEgress',
    'DatafoldSqlRunner6eba0834To6f401e22IngressA289601C AWS::EC2::SecurityGroupIngress',
    'DatafoldStatementLoggingLogGroupA15AF6BB Custom::DatafoldLogGroup',
    'DatafoldStatementLoggingLogGroupPolicy7294b304484525B8 AWS::IAM::Policy',
  ]);
});
