import { Template } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

/** A logical id that changes is a resource that is replaced in every user's account: a breaking change. */
test('logical ids and resource types stay as they were released', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases: [{ databaseName: 'app' }], logRetention: 30 });
  const ours = Object.entries<{ Type: string }>(Template.fromStack(stack).toJSON().Resources)
    .filter(([id]) => id.includes('Datafold'))
    .map(([id, { Type }]) => `${id} ${Type}`);
  expect(ours.sort()).toEqual([
    'ClusterDatafoldParameterGroup31865082 AWS::RDS::DBClusterParameterGroup',
    'DatafoldAccessF3C6FC84 Custom::DatafoldDatabaseAccess',
    'DatafoldAccessPassword45E6257D AWS::SecretsManager::Secret',
    'DatafoldAccessPolicyeefc66102643E533 AWS::IAM::Policy',
    'DatafoldConnectionsappDataSourceD3759390 Custom::DatafoldDataSource',
    'DatafoldConnectionsappSecret7D84F0EB AWS::SecretsManager::Secret',
    'DatafoldLogsReaderAccessKeyEE8B1C3A Custom::DatafoldAccessKey',
    'DatafoldLogsReaderAccessKeyPolicy805141C8 AWS::IAM::Policy',
    'DatafoldLogsReaderAccessKeySecret3D816180 AWS::SecretsManager::Secret',
    'DatafoldLogsReaderGroupB0D8F092 AWS::IAM::Group',
    'DatafoldLogsReaderUser855D1A8A AWS::IAM::User',
    'DatafoldProvisionerContinuePolicyAAC94356 AWS::IAM::Policy',
    'DatafoldProvisionerFunction89776038 AWS::Lambda::Function',
    'DatafoldProvisionerLogGroup62203345 AWS::Logs::LogGroup',
    'DatafoldProvisionerRole47B49008 AWS::IAM::Role',
    'DatafoldProvisionerRoleDefaultPolicy79EF6EA3 AWS::IAM::Policy',
    'DatafoldSqlRunner7c356e55Function8816DBCC AWS::Lambda::Function',
    'DatafoldSqlRunner7c356e55LogGroup2F367521 AWS::Logs::LogGroup',
    'DatafoldSqlRunner7c356e55NetworkInterfacesCAAEB572 AWS::IAM::Policy',
    'DatafoldSqlRunner7c356e55Role52FF9983 AWS::IAM::Role',
    'DatafoldSqlRunner7c356e55RoleDefaultPolicyA805366D AWS::IAM::Policy',
    'DatafoldSqlRunner7c356e55SecurityGroup3A793925 AWS::EC2::SecurityGroup',
    'DatafoldSqlRunner7c356e55To6f401e22EgressAA6964E7 AWS::EC2::SecurityGroupEgress',
    'DatafoldSqlRunner7c356e55To6f401e22IngressBC25297E AWS::EC2::SecurityGroupIngress',
    'DatafoldStatementLoggingLogGroupA15AF6BB Custom::DatafoldLogGroup',
    'DatafoldStatementLoggingLogGroupPolicy7294b304484525B8 AWS::IAM::Policy',
  ]);
});
