import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { sdkFunctions } from '../../handler/provisioner/aws/functions';
import { sdkLogs } from '../../handler/provisioner/aws/logs';
import { noneIf } from '../../handler/provisioner/aws/failure';
import { sdkParameters } from '../../handler/provisioner/aws/parameters';
import { sdkRds } from '../../handler/provisioner/aws/rds';
import { regionOf, sdkSecrets } from '../../handler/provisioner/aws/secrets';
import type { AcceptPorts } from '../accept';
import type { DoctorPorts } from '../doctor/ports';
import { verifyByFunction, verifyFromHere } from '../doctor/verify';
import type { InitPorts } from '../init';
import { inspectByDataApi } from '../inspection/data-api';
import { inspectFromHere } from '../inspection/from-here';
import type { PlanPorts } from '../plan/ports';
import { caller, iamGroups, logFiles, roleExists, simulate } from './account';
import { acceptConnection, connectionsOf } from './connections';
import { readEvents } from './log-events';
import { networks, targetsOf } from './networks';
import { allClusters, allInstances, dataApiOf, keyOfSecret, regionOfSession, subnetGroup } from './servers';
import { findStack } from './stacks';
import { withAwsContext } from './session';

/** Calls AWS with the credentials and region of the user's environment, and the server from this machine's network. */
export function awsPorts(): DoctorPorts & AcceptPorts & InitPorts & PlanPorts {
  const [secrets, parameters, logs] = [sdkSecrets(), sdkParameters(), sdkLogs()];
  const [rds, functions] = [sdkRds(), sdkFunctions()];
  return {
    findStack: async (name) => findStack(new CloudFormationClient({}), name),
    async stackOfSecret(secret) {
      const client = new SecretsManagerClient({ region: regionOf(secret) });
      const { Tags = [] } = await client.send(new DescribeSecretCommand({ SecretId: secret }));
      return Tags.find(({ Key }) => Key === 'aws:cloudformation:stack-name')?.Value;
    },
    readSecret: async (secret) => secrets.read(secret),
    findParameter: async (name) => parameters.read(name).catch(noneIf('ParameterNotFound')),
    findServer: async (server) => rds.find(server),
    async readParameter({ kind }, name, parameter) {
      return (await rds.readParameters({ kind, name }, [parameter]))?.[parameter];
    },
    findLogGroup: async (name) => logs.find(name),
    async readLog({ region, ...credentials }, logGroupName) {
      const client = new CloudWatchLogsClient({ region, credentials });
      await withAwsContext(`logs:FilterLogEvents with the key ${credentials.accessKeyId}`, logGroupName, () =>
        client.send(new FilterLogEventsCommand({ logGroupName, limit: 1, startTime: Date.now() - 60_000 })),
      );
    },
    readEvents: readEvents(),
    eventsOf: async (instance, minutes) => rds.eventsOf(instance, minutes),
    connectionsOf,
    targetsOf,
    ...networks,
    networkOf: async (instance) => rds.networkOf(instance),
    acceptConnection,
    verifyFromHere,
    dataApiOf,
    inspectFromHere,
    inspectByDataApi: async (target, request) => inspectByDataApi(target, request),
    rds,
    logs,
    iamGroups,
    caller,
    roleExists,
    simulate,
    logFiles,
    region: regionOfSession,
    clusters: allClusters,
    instances: allInstances,
    subnetGroup,
    keyOfSecret,
    verifyByFunction: async (name, request) => verifyByFunction(functions, name, request),
  };
}
